using Fovea.Naming;
using Fovea.Training.Logging;

namespace Fovea.Training.Checks;

/// <summary>A batch that is larger than the set: each epoch is one update.</summary>
public sealed record BatchLargerThanSet : RunCheck
{
    /// <inheritdoc/>
    public override Advice? Before(PlannedRun run) => run.Recipe.Train.BatchSize > run.Images && run.Images > FewUpdatesAnEpoch.SmallBatch
        ? Advise(
            $"batches of {run.Recipe.Train.BatchSize} are larger than the set of {Amount.Of(run.Images, "training image")}, so that an epoch is one update",
            "train.batch_size", $"{FewUpdatesAnEpoch.BatchFor(run.Images)}")
        : null;
}
