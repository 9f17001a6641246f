using Fovea.Options;

namespace Fovea.Data.Sampling;

/// <summary>
/// Every image at least once, and those of rare classes max(1, √(t/f)) times, where f is the share of images that are of the class (Gupta et al. 2019,
/// arXiv:1908.03195, section 4.2). The part behind the point is rounded up or down at random, for each image and epoch: epochs are longer than there are
/// images, and differ in length.
/// </summary>
public sealed record RepeatFactorSampler : Sampler
{
    /// <inheritdoc/>
    public override string Kind => "repeat_factor";

    /// <summary>
    /// t, the share of images below which a class is rare; above 0, at most 1. With 1 divided by the number of classes, classes below the mean size are.
    /// Default 0.001.
    /// </summary>
    public double Threshold { get; init; } = 0.001;

    /// <inheritdoc/>
    public override bool KeepsLength => false;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Threshold, 1);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Times(IReadOnlyList<int> counts, double progress)
    {
        var images = counts.Sum(count => (double)count);
        return [.. counts.Select(count => count == 0 ? 0 : Math.Max(1, Math.Sqrt(Threshold * images / count)))];
    }
}
