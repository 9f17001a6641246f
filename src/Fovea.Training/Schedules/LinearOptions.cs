using Fovea.Options;

namespace Fovea.Training.Schedules;

/// <summary>A straight line from the full rate down: η + (m − η)·t/T.</summary>
public sealed record LinearOptions : ScheduleOptions
{
    /// <inheritdoc/>
    public override string Kind => "linear";

    /// <inheritdoc/>
    public override double Floor => MinLearningRate;

    /// <summary>m, the rate that the line would reach one step after the last; 0 to 1e30, and at most the full rate. Default 0.</summary>
    public double MinLearningRate { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(MinLearningRate, 0, OptionChecks.LargestScale);
    }

    /// <inheritdoc/>
    protected override double Rate(double full, SchedulePosition at) => full + ((MinLearningRate - full) * at.Share);
}
