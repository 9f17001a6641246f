namespace Fovea.Data.Sampling;

/// <summary>
/// From every image equally often to every class equally often in the course of the run (Kang et al. 2020, arXiv:1910.09217, equation 2): in epoch t of T,
/// counted from 0, a class has the share (1 − t/T)·n/N + (t/T)/C. An epoch has as many places as there are images.
/// </summary>
public sealed record ProgressiveSampler : Sampler
{
    /// <inheritdoc/>
    public override string Kind => "progressive";

    /// <inheritdoc/>
    public override IReadOnlyList<double> Times(IReadOnlyList<int> counts, double progress)
    {
        double images = counts.Sum(count => (long)count), classes = counts.Count(count => count > 0);
        return ByShares(counts, count => ((1 - progress) * count / images) + (progress / classes));
    }
}
