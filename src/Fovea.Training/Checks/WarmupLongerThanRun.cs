using Fovea.Naming;
using Fovea.Training.Logging;

namespace Fovea.Training.Checks;

/// <summary>A warm-up that takes the whole run, or most of it.</summary>
public sealed record WarmupLongerThanRun : RunCheck
{
    private const double Usual = 0.1;

    /// <inheritdoc/>
    public override Advice? Before(PlannedRun run)
    {
        var (schedule, warmup) = (run.Recipe.Schedule, run.Warmup);
        var asked = Math.Max(warmup, schedule.WarmupSteps);
        if (warmup < 2 || warmup <= run.Updates / 2) return null;
        var problem = $"the warm-up takes {Amount.Of(asked, "update")}, and the run has {run.Updates}, so that it hardly trains at the full rate";
        return schedule.WarmupSteps > 0
            ? Advise(problem, "schedule.warmup_steps", $"{(long)(Usual * run.Updates)}")
            : Advise(problem, "schedule.warmup_epochs", $"{Math.Round(Usual * run.Recipe.Train.Epochs, 2)}");
    }
}
