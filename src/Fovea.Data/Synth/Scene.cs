using System.Numerics;

namespace Fovea.Data.Synth;

/// <summary>A picture in the making: light per pixel (x, y, z = red, green, blue), row by row. Its memory serves one picture after another.</summary>
internal sealed class Scene
{
    private Vector4[] _pixels = [];
    private Vector4[] _spare = [];
    private Vector4[] _sums = [];

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>The longer side; sizes in a picture are fractions of it.</summary>
    public int Longer => Math.Max(Width, Height);

    public Span<Vector4> Pixels => _pixels.AsSpan(0, Width * Height);

    /// <summary>As large as <see cref="Pixels"/>, for a filter's result; <see cref="Swap"/> makes it the picture.</summary>
    public Span<Vector4> Spare => _spare.AsSpan(0, Width * Height);

    /// <summary>One value per column, for a filter that goes down.</summary>
    public Span<Vector4> Sums => _sums.AsSpan(0, Width);

    public void Resize(int width, int height)
    {
        (Width, Height) = (width, height);
        if (_sums.Length < width) _sums = new Vector4[width];
        if (_pixels.Length >= width * height) return;
        _pixels = new Vector4[width * height];
        _spare = new Vector4[width * height];
    }

    public Span<Vector4> Row(int y) => _pixels.AsSpan(y * Width, Width);

    public Span<Vector4> SpareRow(int y) => _spare.AsSpan(y * Width, Width);

    public void Swap() => (_pixels, _spare) = (_spare, _pixels);
}
