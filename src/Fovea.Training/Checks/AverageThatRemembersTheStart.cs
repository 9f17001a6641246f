using Fovea.Training.Logging;
using Fovea.Training.Optimizers;

namespace Fovea.Training.Checks;

/// <summary>An average of weights that is too slow for the run: what is evaluated still holds much of the random weights of its beginning.</summary>
public sealed record AverageThatRemembersTheStart : RunCheck
{
    private const double Much = 0.05;
    private const int MostLooks = 200_000;

    /// <inheritdoc/>
    public override Advice? Before(PlannedRun run)
    {
        if (run.HasWeights || run.Recipe.Averages is not EmaOptions average || run.Updates > MostLooks) return null;
        var left = 1.0;
        for (var update = 1L; update <= run.Updates && left > 0; update++) left *= average.ShareAt(update);
        if (left <= Much) return null;
        var fitting = Math.Max(0, Math.Round(1 - (10.0 / Math.Max(10, run.Updates)), 4));
        return Advise(
            $"an average that keeps {Text(average.Decay)} of itself at each of {run.Updates} updates ends with a share of {Text(left)} "
            + "of the weights that the run begins with",
            run.Recipe.Train.EmaDecay > 0 ? "train.ema_decay" : "average.decay", $"{fitting}");
    }
}
