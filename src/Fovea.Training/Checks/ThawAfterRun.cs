using Fovea.Naming;
using Fovea.Training.Logging;

namespace Fovea.Training.Checks;

/// <summary>Frozen parts that are to train from an epoch on that the run does not have.</summary>
public sealed record ThawAfterRun : RunCheck
{
    /// <inheritdoc/>
    public override Advice? Before(PlannedRun run)
    {
        var (freeze, epochs, before) = (run.Recipe.Freeze, run.Recipe.Train.Epochs, 0);
        string Problem(string key, int value) => $"{key} is {value}, and the run has {Amount.Of(epochs, "epoch")}, so that what it is to thaw never trains";
        int Fitting() => Math.Max(before + 1, epochs / 2);
        foreach (var (i, stage) in freeze.Thaw.Index())
        {
            var key = FormattableString.Invariant($"freeze.thaw[{i}].after");
            if (stage.After >= epochs)
            {
                return Fitting() < epochs
                    ? Advise(Problem(key, stage.After), key, $"{Fitting()}")
                    : Advise(Problem(key, stage.After), "train.epochs", $"{Math.Max(stage.After, freeze.Epochs) + 1}");
            }

            before = stage.After;
        }

        return freeze.Epochs < epochs ? null : Advise(Problem("freeze.epochs", freeze.Epochs), "freeze.epochs", $"{(Fitting() < epochs ? Fitting() : 0)}");
    }
}
