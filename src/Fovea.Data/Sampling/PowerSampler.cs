using Fovea.Options;

namespace Fovea.Data.Sampling;

/// <summary>
/// Classes in proportion to a power of their images, n^q/Σn^q (Kang et al. 2020, arXiv:1910.09217, equation 1): uniform for 1, square_root for 1/2,
/// class_balanced for 0, and below 0 rare classes more often than others. An epoch has as many places as there are images.
/// </summary>
public sealed record PowerSampler : Sampler
{
    /// <inheritdoc/>
    public override string Kind => "power";

    /// <summary>q; −2 to 2. Default 0.75.</summary>
    public double Exponent { get; init; } = 0.75;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Within(Exponent, -2, 2);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Times(IReadOnlyList<int> counts, double progress) => ByShares(counts, count => Math.Pow(count, Exponent));
}
