using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>Mixup (arXiv:1710.09412): λ·image + (1 − λ)·another, λ from Beta(α, α); the target likewise.</summary>
public sealed record Mixup : Mixer
{
    /// <inheritdoc/>
    public override string Kind => "mixup";

    /// <summary>α; above 0, 1e-30 to 1000. The smaller, the nearer λ is to 0 or 1. Default 0.2.</summary>
    public double Alpha { get; init; } = 0.2;

    /// <summary>λ itself, in place of α: 0.5 mixes halves, as Darknet does. 0, the default, to 1; 0 draws it.</summary>
    public double Share { get; init; }

    /// <inheritdoc/>
    public override int Images => 2;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Alpha, 1000);
        checks.Within(Share, 0, 1);
    }

    /// <inheritdoc/>
    public override Blend Draw(int width, int height, ref Draws draws) => new WeightedBlend(Share > 0 ? Share : draws.Beta(Alpha, Alpha));
}
