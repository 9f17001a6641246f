using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>Mixup (arXiv:1710.09412): λ·image + (1 − λ)·another, λ from Beta(α, α); the target likewise.</summary>
public sealed record Mixup : Mixer
{
    /// <inheritdoc/>
    public override string Kind => "mixup";

    /// <summary>α; above 0, 1e-30 to 1000. The smaller, the nearer λ is to 0 or 1. Default 0.2.</summary>
    public double Alpha { get; init; } = 0.2;

    /// <inheritdoc/>
    public override int Images => 2;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Alpha, 1000);
    }

    /// <inheritdoc/>
    public override Blend Draw(int width, int height, ref Draws draws) => new WeightedBlend(draws.Beta(Alpha, Alpha));
}
