namespace Fovea.Data.Sampling;

/// <summary>Every image once.</summary>
public sealed record UniformSampler : Sampler
{
    /// <inheritdoc/>
    public override string Kind => "uniform";

    /// <inheritdoc/>
    public override IReadOnlyList<double> Times(IReadOnlyList<int> counts, double progress) => [.. counts.Select(_ => 1.0)];
}
