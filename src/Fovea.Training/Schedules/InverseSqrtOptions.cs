using Fovea.Options;

namespace Fovea.Training.Schedules;

/// <summary>η/√(1 + t/τ), which needs no end of the run (arXiv:1706.03762 section 5.3, where τ is the length of the warm-up).</summary>
public sealed record InverseSqrtOptions : ScheduleOptions
{
    /// <inheritdoc/>
    public override string Kind => "inverse_sqrt";

    /// <summary>τ; above 0, at most 1e9. Left out (null, the default): the length of the warm-up, or 1 where there is none.</summary>
    public double? Timescale { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        if (Timescale is { } timescale) checks.Positive(timescale, MostUnits, nameof(Timescale));
    }

    /// <inheritdoc/>
    protected override double Rate(double full, SchedulePosition at)
    {
        var timescale = Timescale ?? (at.Warmup > 0 ? at.Warmup / at.StepsPerUnit : 1);
        return full / Math.Sqrt(1 + (at.Time / timescale));
    }
}
