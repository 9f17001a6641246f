namespace Fovea.Training.Schedules;

/// <summary>Where a rule stands in its own time, which begins after the warm-up, or with the run, and anew with each restart.</summary>
/// <param name="Step">The updates since the rule's time began; from 0.</param>
/// <param name="Steps">How many the rule is stretched over; above 0. A rule that is not restarted may be asked for what comes after them.</param>
/// <param name="StepsPerUnit">The updates in the schedule's unit: those of an epoch, or 1.</param>
/// <param name="Restarts">How often the rule was restarted.</param>
/// <param name="Warmup">The updates of the warm-up.</param>
/// <param name="Run">Where the run stands.</param>
public readonly record struct SchedulePosition(double Step, double Steps, double StepsPerUnit, int Restarts, long Warmup, RunProgress Run)
{
    /// <summary><see cref="Step"/> in the schedule's unit.</summary>
    public double Time => Step / StepsPerUnit;

    /// <summary><see cref="Steps"/> in the schedule's unit.</summary>
    public double Length => Steps / StepsPerUnit;

    /// <summary>How much of the rule is over, 0–1.</summary>
    public double Share => Math.Min(1, Step / Steps);
}
