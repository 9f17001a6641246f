using Fovea.Images;

namespace Fovea.Data.Augment;

/// <summary>Resizes to a width and a height, whatever becomes of the aspect.</summary>
/// <remarks>torchvision: <c>Resize((height, width))</c> with antialiasing.</remarks>
public sealed record ResizeExact : Transform
{
    /// <summary>The new width in pixels. Default 224.</summary>
    public int Width { get; init; } = 224;

    /// <summary>The new height in pixels. Default 224.</summary>
    public int Height { get; init; } = 224;

    /// <summary>How pixels are weighted. Default bilinear.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    /// <inheritdoc/>
    public override void Validate()
    {
        CheckSize(Width, nameof(Width));
        CheckSize(Height, nameof(Height));
    }

    internal override void Apply(Canvas canvas, ref Draws draws) => canvas.Resize(Width, Height, Interpolation);

    internal override (int Width, int Height)? OutputSize((int Width, int Height)? input) => (Width, Height);

    internal override double Reduction(int width, int height, Draws draws) => Math.Min((double)width / Width, (double)height / Height);
}
