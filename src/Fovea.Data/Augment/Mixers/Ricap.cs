using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>
/// RICAP (arXiv:1811.09030): a random point, from Beta(β, β) along each side, parts the image; each of the four parts shows a random cut of another image,
/// and shares in the target are their areas.
/// </summary>
public sealed record Ricap : Mixer
{
    /// <inheritdoc/>
    public override string Kind => "ricap";

    /// <summary>β; above 0, 1e-30 to 1000. Default 0.3.</summary>
    public double Beta { get; init; } = 0.3;

    /// <inheritdoc/>
    public override int Images => 4;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Beta, 1000);
    }

    /// <inheritdoc/>
    public override Blend Draw(int width, int height, ref Draws draws)
    {
        var w = (int)Math.Round(width * draws.Beta(Beta, Beta), MidpointRounding.ToEven);
        var h = (int)Math.Round(height * draws.Beta(Beta, Beta), MidpointRounding.ToEven);
        var patches = new Patch[4];
        for (var k = 0; k < patches.Length; k++)
        {
            var (isRight, isLower) = (k % 2 == 1, k >= 2);
            var (patchWidth, patchHeight) = (isRight ? width - w : w, isLower ? height - h : h);
            patches[k] = new(
                k, isRight ? w : 0, isLower ? h : 0, patchWidth, patchHeight, draws.Integer(width - patchWidth + 1), draws.Integer(height - patchHeight + 1));
        }

        return new PatchBlend(patches, Images);
    }
}
