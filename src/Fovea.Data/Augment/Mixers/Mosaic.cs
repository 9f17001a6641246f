using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>
/// Mosaic, as Darknet has it for classes: a point within the middle of the image parts it, and each of the four parts shows another image at the same
/// place. Shares in the target are their areas.
/// </summary>
public sealed record Mosaic : Mixer
{
    /// <inheritdoc/>
    public override string Kind => "mosaic";

    /// <summary>The least distance of the point from each border, as a share of the side; 0 to 0.5. Default 0.2.</summary>
    public double Margin { get; init; } = 0.2;

    /// <inheritdoc/>
    public override int Images => 4;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Within(Margin, 0, 0.5);
    }

    /// <inheritdoc/>
    public override Blend Draw(int width, int height, ref Draws draws)
    {
        var (x, y) = ((int)(width * draws.Uniform(Margin, 1 - Margin)), (int)(height * draws.Uniform(Margin, 1 - Margin)));
        return new PatchBlend(
        [
            new(0, 0, 0, x, y, 0, 0), new(1, x, 0, width - x, y, x, 0),
            new(2, 0, y, x, height - y, 0, y), new(3, x, y, width - x, height - y, x, y),
        ], Images);
    }
}
