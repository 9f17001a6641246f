using Fovea.Options;
using Fovea.Training.Schedules;

namespace Programs;

/// <summary>The full rate, and at the end a straight line down to 0 (arXiv:2405.18392).</summary>
public sealed record Trapezoid : ScheduleOptions
{
    public override string Kind => "trapezoid";

    /// <summary>The share of the time in which the rate falls; above 0, at most 1. Default 0.2.</summary>
    public double Fall { get; init; } = 0.2;

    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(Fall, 1);
    }

    protected override double Rate(double full, SchedulePosition at) => full * Math.Min(1, (1 - at.Share) / Fall);
}
