using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>
/// FMix (arXiv:2002.12047): a mask of random shape decides for each pixel which of two images it shows. The mask is the upper λ of a random field of low
/// frequencies, λ from Beta(α, α); shares in the target are numbers of pixels.
/// </summary>
public sealed record FMix : Mixer
{
    /// <inheritdoc/>
    public override string Kind => "fmix";

    /// <summary>α; above 0, 1e-30 to 1000. Default 1.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>How fast the field's frequencies fade: their strength is 1/f to this power; 0.5 to 10. Default 3.</summary>
    public double Decay { get; init; } = 3;

    /// <inheritdoc/>
    public override int Images => 2;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Alpha, 1000);
        checks.Within(Decay, 0.5, 10);
    }

    /// <inheritdoc/>
    public override Blend Draw(int width, int height, ref Draws draws)
    {
        var share = draws.Beta(Alpha, Alpha);
        var field = RandomField.Draw(width, height, Decay, ref draws);
        var pixels = (int)Math.Round(share * field.Length);
        var places = new int[field.Length];
        for (var i = 0; i < places.Length; i++) places[i] = i;
        // Equal values keep the order of their places, so that the mask follows from the draws alone.
        Array.Sort(places, (i, j) => field[j] != field[i] ? field[j].CompareTo(field[i]) : i.CompareTo(j));
        var mask = new float[field.Length];
        for (var i = 0; i < pixels; i++) mask[places[i]] = 1;
        return new WeightedBlend((double)pixels / field.Length, mask);
    }
}
