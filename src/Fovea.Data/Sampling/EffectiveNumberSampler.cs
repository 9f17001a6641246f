using Fovea.Options;

namespace Fovea.Data.Sampling;

/// <summary>
/// Images in inverse proportion to the effective number of their class, E = (1 − βⁿ)/(1 − β) (Cui et al. 2019, arXiv:1901.05555): a class has the share
/// (n/E)/Σ(n/E). An epoch has as many places as there are images.
/// </summary>
public sealed record EffectiveNumberSampler : Sampler
{
    /// <inheritdoc/>
    public override string Kind => "effective_number";

    /// <summary>β; at least 0 (every image equally often), below 1 (towards every class equally often). Default 0.999.</summary>
    public double Beta { get; init; } = 0.999;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(Beta, 0, 1);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Times(IReadOnlyList<int> counts, double progress) =>
        ByShares(counts, count => count * (1 - Beta) / (1 - Math.Pow(Beta, count)));
}
