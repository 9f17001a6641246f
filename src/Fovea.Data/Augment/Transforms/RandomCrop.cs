using Fovea.Data.Decoding;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>
/// Shifts an image at random within a border: pads it on all sides, and cuts the input from a random place. What CIFAR recipes use (arXiv:1512.03385,
/// section 4.2). torchvision: <c>RandomCrop(size, padding)</c>.
/// </summary>
public sealed record RandomCrop : Transform
{
    /// <inheritdoc/>
    public override string Kind => "random_crop";

    /// <summary>The border in pixels; 0–1024. Default 4.</summary>
    public int Padding { get; init; } = 4;

    /// <summary>What the border shows. Default black.</summary>
    public Border Border { get; init; } = Border.Black;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks) => checks.AtLeast(Padding, 0, 1024);

    /// <inheritdoc/>
    public override void Apply(Canvas canvas, ref Draws draws)
    {
        var input = canvas.Input;
        var (width, height) = (canvas.Width + (2 * Padding), canvas.Height + (2 * Padding));
        if (width < input.Width || height < input.Height)
            throw new ImageException(
                canvas.Path, $"its {canvas.Width}×{canvas.Height} pixels are {width}×{height} with a padding of {Padding}",
                $"at least {input.Width}×{input.Height} to crop");
        if (Padding > 0) canvas.Pad(Padding, Padding, Padding, Padding, Border);
        var top = draws.Integer(height - input.Height + 1);
        canvas.Crop(draws.Integer(width - input.Width + 1), top, input.Width, input.Height);
    }
}
