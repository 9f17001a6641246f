using Fovea.Data.Decoding;

namespace Fovea.Data.Augment;

/// <summary>Pads all sides with black and cuts a square at a random place.</summary>
/// <remarks>torchvision: <c>RandomCrop(size, padding)</c>; what CIFAR recipes use (He et al. 2015, arXiv:1512.03385 §4.2).</remarks>
public sealed record RandomCrop : Transform
{
    /// <summary>The side of the square in pixels. Default 32.</summary>
    public int Size { get; init; } = 32;

    /// <summary>Black pixels added to each side. Default 4.</summary>
    public int Padding { get; init; } = 4;

    internal override bool IsRandom => true;

    /// <inheritdoc/>
    public override void Validate()
    {
        CheckSize(Size, nameof(Size));
        if (Padding is < 0 or > 65_536) throw new ArgumentOutOfRangeException(nameof(Padding), $"Padding is {Padding}; wanted 0 to 65536 pixels");
    }

    internal override void Apply(Canvas canvas, ref Draws draws)
    {
        var (width, height) = (canvas.Width + (2 * Padding), canvas.Height + (2 * Padding));
        if (width < Size || height < Size)
            throw new ImageException(
                canvas.Path, $"its {canvas.Width}×{canvas.Height} pixels are {width}×{height} with a padding of {Padding}", $"at least {Size}×{Size} to crop");
        if (Padding > 0) canvas.Pad(Padding, Padding, Padding, Padding);
        var top = draws.Integer(height - Size + 1);
        canvas.Crop(draws.Integer(width - Size + 1), top, Size, Size);
    }

    internal override (int Width, int Height)? OutputSize((int Width, int Height)? input) => (Size, Size);
}
