namespace Fovea.Data.Sampling;

/// <summary>
/// Classes in proportion to the square roots of their images, √n/Σ√n (Kang et al. 2020, arXiv:1910.09217, q = 1/2). An epoch has as many places as there
/// are images.
/// </summary>
public sealed record SquareRootSampler : Sampler
{
    /// <inheritdoc/>
    public override string Kind => "square_root";

    /// <inheritdoc/>
    public override IReadOnlyList<double> Times(IReadOnlyList<int> counts, double progress) => ByShares(counts, count => Math.Sqrt(count));
}
