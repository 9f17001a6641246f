using Fovea.Naming;
using Fovea.Training.Logging;
using Fovea.Training.Schedules;

namespace Fovea.Training.Checks;

/// <summary>A schedule that does not come to lower the rate in the course of the run, which then ends as noisy as it began.</summary>
/// <remarks>Averages of the weights do instead of a falling rate; schedules that follow evaluations cannot be foreseen.</remarks>
public sealed record RateThatNeverFalls : RunCheck
{
    private const int FewestUpdates = 10;
    private const int MostLooks = 2000;
    private const double Fallen = 0.5;

    /// <inheritdoc/>
    public override Advice? Before(PlannedRun run)
    {
        var schedule = run.Recipe.Schedule;
        if (schedule.FollowsScores || run.Recipe.Averages is not null || run.Updates < FewestUpdates || Falls(run)) return null;
        var epochs = run.Recipe.Train.Epochs;
        string Problem(string why) => $"the learning rate never falls in the {Amount.Of(epochs, "epoch")} of the run: {why}";
        if (schedule is StepOptions { Milestones.Count: > 0 } steps && epochs >= 4 && schedule.Unit == ScheduleUnit.Epochs)
            return Advise(
                Problem($"schedule.milestones are [{string.Join(", ", steps.Milestones)}]"), "schedule.milestones", $"[{epochs / 2}, {3 * epochs / 4}]");
        if (schedule is StepOptions { Every: > 0 } every && schedule.Unit == ScheduleUnit.Epochs)
            return Advise(Problem($"schedule.every is {Text(every.Every)}"), "schedule.every", $"{Math.Round(epochs / 3.0, 2)}");
        if (schedule.Length > 0)
            return Advise(Problem($"schedule.length is {Text(schedule.Length)}"), "schedule.length", $"0");
        return schedule.PerEpoch && epochs == 1
            ? Advise(Problem("schedule.per_epoch lets it change at the start of epochs alone"), "schedule.per_epoch", $"false")
            : Advise(Problem($"schedule.kind is {schedule.Kind}"), "schedule", $"cosine");
    }

    /// <summary>Whether the rate comes to half of what it was at most, or less, after the warm-up.</summary>
    private static bool Falls(PlannedRun run)
    {
        var step = Math.Max(1, run.Updates / MostLooks);
        var highest = 0.0;
        for (var update = Math.Min(run.Warmup, run.Updates - 1); update < run.Updates; update += step)
        {
            var rate = run.RateAt(update);
            if (rate <= Fallen * highest) return true;
            highest = Math.Max(highest, rate);
        }

        return run.RateAt(run.Updates - 1) <= Fallen * highest;
    }
}
