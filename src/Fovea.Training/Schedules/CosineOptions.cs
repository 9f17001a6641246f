using Fovea.Options;

namespace Fovea.Training.Schedules;

/// <summary>Half a cosine wave from the full rate down, step by step (arXiv:1608.03983): m + (η − m)·(1 + cos(π·(t/T)^k))/2.</summary>
public sealed record CosineOptions : ScheduleOptions
{
    private const double LargestPower = 100;

    /// <inheritdoc/>
    public override string Kind => "cosine";

    /// <inheritdoc/>
    public override double Floor => MinLearningRate;

    /// <summary>m, the rate that the wave would reach one step after the last; 0 to 1e30, and at most the full rate. Default 0.</summary>
    public double MinLearningRate { get; init; }

    /// <summary>k, by which the wave stays up longer (arXiv:2004.05909); above 0, at most 100. Default 1.</summary>
    public double KDecay { get; init; } = 1;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(MinLearningRate, 0, OptionChecks.LargestScale);
        checks.Positive(KDecay, LargestPower);
    }

    /// <inheritdoc/>
    protected override double Rate(double full, SchedulePosition at) =>
        MinLearningRate + ((full - MinLearningRate) * 0.5 * (1 + Math.Cos(Math.PI * Math.Pow(at.Share, KDecay))));
}
