using Fovea.Naming;
using Fovea.Training.Logging;
using Fovea.Training.Optimizers;

namespace Fovea.Training.Checks;

/// <summary>An average that begins with the end of the run or later, or that takes one set of weights at most: nothing is averaged.</summary>
public sealed record AverageAfterRun : RunCheck
{
    /// <inheritdoc/>
    public override Advice? Before(PlannedRun run)
    {
        var swa = run.Recipe.Averages as SwaOptions;
        var after = swa?.After ?? (run.Recipe.Averages as EmaOptions)?.After ?? 0;
        var left = run.Updates - after;
        if (left <= 0)
            return Advise(
                $"average.after is {after}, and the run has {Amount.Of(run.Updates, "update")}, so that nothing is averaged",
                "average.after", $"{(swa is null ? 0 : run.Updates * 3 / 4)}");
        return swa is { Every: > 1 } && left / swa.Every < 2
            ? Advise(
                $"average.every is {swa.Every}, and the run has {Amount.Of(left, "update")} to average, so that the mean is of one set of weights at most",
                "average.every", $"{Math.Max(1, left / 10)}")
            : null;
    }
}
