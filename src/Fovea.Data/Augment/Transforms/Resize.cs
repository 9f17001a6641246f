using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Augment;

/// <summary>Resizes the shorter side to a number of pixels and keeps the aspect: the longer side is ⌊size · long / short⌋.</summary>
/// <remarks>torchvision: <c>Resize(size)</c> with antialiasing.</remarks>
public sealed record Resize : Transform
{
    /// <summary>The new length of the shorter side in pixels. Default 256.</summary>
    public int Size { get; init; } = 256;

    /// <summary>How pixels are weighted. Default bilinear.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    /// <inheritdoc/>
    public override void Validate() => CheckSize(Size, nameof(Size));

    internal override void Apply(Canvas canvas, ref Draws draws)
    {
        var (width, height) = SizeOf(canvas.Original.Width, canvas.Original.Height, Size);
        if (width == int.MaxValue || height == int.MaxValue)
            throw new ImageException(
                canvas.Path, $"its {canvas.Original.Width}×{canvas.Original.Height} pixels are too long to be resized to {Size}", "a rounder image");
        canvas.Resize(width, height, Interpolation);
    }

    internal override (int Width, int Height)? OutputSize((int Width, int Height)? input) =>
        input is { } size ? SizeOf(size.Width, size.Height, Size) : null;

    internal override double Reduction(int width, int height, Draws draws) => (double)Math.Min(width, height) / Size;

    internal static (int Width, int Height) SizeOf(int width, int height, int size)
    {
        var other = (int)Math.Min((long)size * Math.Max(width, height) / Math.Min(width, height), int.MaxValue);
        return width <= height ? (size, other) : (other, size);
    }
}
