using Fovea.Options;
using Fovea.Training.State;

namespace Fovea.Training.Schedules;

/// <summary>
/// The rate falls where evaluations do not get better any more; PyTorch's ReduceLROnPlateau. Those of the warm-up do not count.
/// </summary>
public sealed record PlateauOptions : ScheduleOptions
{
    /// <inheritdoc/>
    public override string Kind => "plateau";

    /// <inheritdoc/>
    public override double Floor => MinLearningRate;

    /// <inheritdoc/>
    public override bool FollowsScores => true;

    /// <summary>What should get better. Default: top1.</summary>
    public PlateauMetric Metric { get; init; }

    /// <summary>What the rate is multiplied with; above 0, below 1. Default 0.1.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>As many evaluations in a row may be no better before the rate falls; at least 0. Default 10.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>By how much, relative to the best, one must be better to count; at least 0, below 1. Default 1e-4.</summary>
    public double Threshold { get; init; } = 1e-4;

    /// <summary>As many evaluations after a fall do not count as worse; at least 0. Default 0.</summary>
    public int Cooldown { get; init; }

    /// <summary>The rate below which it does not fall; 0 to 1e30, and at most the full rate. Default 0.</summary>
    public double MinLearningRate { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        if (!(Gamma > 0 && Gamma < 1)) checks.Fail(nameof(Gamma), FormattableString.Invariant($"{Gamma}"), "above 0 and below 1");
        checks.AtLeast(Patience, 0, int.MaxValue);
        checks.Below(Threshold, 0, 1);
        checks.AtLeast(Cooldown, 0, int.MaxValue);
        checks.AtLeast(MinLearningRate, 0, OptionChecks.LargestScale);
    }

    /// <inheritdoc/>
    protected override double Rate(double full, SchedulePosition at)
    {
        var (best, bad, cooling, rate) = (double.NaN, 0, 0, full);
        foreach (var score in at.Run.Scores)
        {
            if (score.Epoch * at.Run.StepsPerEpoch <= at.Warmup) continue;
            if (IsBetter(score, best)) (best, bad) = (Of(score), 0);
            else bad++;
            if (cooling > 0) (cooling, bad) = (cooling - 1, 0);
            if (bad <= Patience) continue;
            rate = Math.Max(Math.Min(rate, MinLearningRate), rate * Gamma);
            (cooling, bad) = (Cooldown, 0);
        }

        return rate;
    }

    private double Of(EpochScore score) => Metric == PlateauMetric.Top1 ? score.Top1 : score.Loss;

    private bool IsBetter(EpochScore score, double best) => double.IsNaN(best)
        || (Metric == PlateauMetric.Top1 ? Of(score) > best * (1 + Threshold) : Of(score) < best * (1 - Threshold));
}
