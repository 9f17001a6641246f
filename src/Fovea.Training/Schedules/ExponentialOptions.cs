using Fovea.Options;

namespace Fovea.Training.Schedules;

/// <summary>
/// The same factor again and again: η·γ^(t/e), never below m. PyTorch's ExponentialLR, PaddleClas's ExponentialWarmup, Darknet's <c>exp</c>.
/// </summary>
public sealed record ExponentialOptions : ScheduleOptions
{
    /// <inheritdoc/>
    public override string Kind => "exponential";

    /// <inheritdoc/>
    public override double Floor => MinLearningRate;

    /// <summary>γ; above 0, at most 1. Default 0.9.</summary>
    public double Gamma { get; init; } = 0.9;

    /// <summary>e, how long it takes to multiply the rate with γ once; above 0, at most 1e9. Default 1.</summary>
    public double Every { get; init; } = 1;

    /// <summary>m; 0 to 1e30, and at most the full rate. Default 0.</summary>
    public double MinLearningRate { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Gamma, 1);
        checks.Positive(Every, MostUnits);
        checks.AtLeast(MinLearningRate, 0, OptionChecks.LargestScale);
    }

    /// <inheritdoc/>
    protected override double Rate(double full, SchedulePosition at) => Math.Max(MinLearningRate, full * Math.Pow(Gamma, at.Time / Every));
}
