namespace Fovea.Data.Sampling;

/// <summary>
/// Every class equally often (Kang et al. 2020, arXiv:1910.09217, q = 0): of C classes with n images each, an image is taken N/(C·n) times in an epoch, which
/// has as many places as there are images, N.
/// </summary>
public sealed record ClassBalancedSampler : Sampler
{
    /// <inheritdoc/>
    public override string Kind => "class_balanced";

    /// <inheritdoc/>
    public override IReadOnlyList<double> Times(IReadOnlyList<int> counts, double progress) => ByShares(counts, _ => 1);
}
