using Fovea.Options;

namespace Fovea.Training.Schedules;

/// <summary>
/// The rate is multiplied by <see cref="Gamma"/> at certain times, which count from 0 and include the warm-up. Darknet's <c>step</c> and <c>steps</c>.
/// </summary>
public sealed record StepOptions : ScheduleOptions
{
    private const double LargestScale = 1000;

    /// <summary>Times are those of the run.</summary>
    public StepOptions() => CountsWarmup = true;

    /// <inheritdoc/>
    public override string Kind => "step";

    /// <summary>The epochs at whose start the rate falls, increasing, at least 1; default none. Not together with <see cref="Every"/>.</summary>
    public IReadOnlyList<int> Milestones { get; init; } = [];

    /// <summary>
    /// The rate falls each time as many epochs are over, fractions allowed; above 0, at most 1e9, or 0 (the default) for <see cref="Milestones"/>.
    /// </summary>
    public double Every { get; init; }

    /// <summary>The factor; above 0, at most 1. Default 0.1.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>
    /// A factor for each of <see cref="Milestones"/>, in place of <see cref="Gamma"/>; each above 0, at most 1000. Empty, the default, means the same for all.
    /// </summary>
    public IReadOnlyList<double> Scales { get; init; } = [];

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(Every, 0, MostUnits);
        checks.Increasing(Milestones, 1);
        if (Every > 0 && Milestones.Count > 0) checks.Fail(nameof(Every), FormattableString.Invariant($"{Every} beside milestones"), "either of them");
        if (Every == 0 && Milestones.Count == 0) checks.Fail(nameof(Milestones), "[]", "at least one epoch, or every above 0");
        if (!(Gamma > 0 && Gamma <= 1)) checks.Fail(nameof(Gamma), FormattableString.Invariant($"{Gamma}"), "above 0 and at most 1");
        checks.Each(
            Scales, Milestones.Count, double.Epsilon, LargestScale,
            $"none, or {Milestones.Count} factors above 0, at most {LargestScale}, one for each milestone");
    }

    /// <inheritdoc/>
    protected override double Rate(double full, SchedulePosition at)
    {
        if (Every > 0) return full * Math.Pow(Gamma, Math.Floor(at.Time / Every));
        var passed = 0;
        while (passed < Milestones.Count && at.Time >= Milestones[passed]) passed++;
        if (Scales.Count == 0) return full * Math.Pow(Gamma, passed);
        for (var i = 0; i < passed; i++) full *= Scales[i];
        return full;
    }
}
