using Fovea.Options;

namespace Fovea.Training.Schedules;

/// <summary>
/// A power of what is left: m + (η − m)·(1 − (t/T)^k)^p. PyTorch's PolynomialLR, timm's and MindCV's polynomials, Darknet's <c>poly</c>.
/// </summary>
public sealed record PolynomialOptions : ScheduleOptions
{
    private const double LargestPower = 100;

    /// <inheritdoc/>
    public override string Kind => "polynomial";

    /// <inheritdoc/>
    public override double Floor => MinLearningRate;

    /// <summary>p; above 0, at most 100. Default 1, a straight line; Darknet's is 4.</summary>
    public double Power { get; init; } = 1;

    /// <summary>m, the rate that it would reach one step after the last; 0 to 1e30, and at most the full rate. Default 0.</summary>
    public double MinLearningRate { get; init; }

    /// <summary>k (arXiv:2004.05909); above 0, at most 100. Default 1.</summary>
    public double KDecay { get; init; } = 1;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Power, LargestPower);
        checks.AtLeast(MinLearningRate, 0, OptionChecks.LargestScale);
        checks.Positive(KDecay, LargestPower);
    }

    /// <inheritdoc/>
    protected override double Rate(double full, SchedulePosition at) =>
        MinLearningRate + ((full - MinLearningRate) * Math.Pow(1 - Math.Pow(at.Share, KDecay), Power));
}
