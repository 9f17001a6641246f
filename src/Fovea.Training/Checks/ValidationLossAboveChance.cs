using Fovea.Training.Logging;

namespace Fovea.Training.Checks;

/// <summary>A validation loss far above that of guessing, ln(classes), when the run has had some epochs: it is surely wrong, not merely uncertain.</summary>
public sealed record ValidationLossAboveChance : RunCheck
{
    private const int Settled = 3;
    private const double Far = 4;

    /// <inheritdoc/>
    public override Advice? After(PlannedRun run, EpochReport epoch, double? firstLoss)
    {
        var chance = Math.Log(run.Classes);
        if (epoch.Validation is not { } validation || epoch.Epoch < Math.Min(Settled, epoch.Epochs)) return null;
        if (validation.Loss <= Far * Math.Max(1, chance)) return null;
        var problem =
            $"the validation loss of epoch {epoch.Epoch}, {Text(validation.Loss)}, is far above {Text(chance)}, that of guessing among {run.Classes} classes";
        return run.UpdatesPerEpoch < FewUpdatesAnEpoch.Enough && FewUpdatesAnEpoch.BatchFor(run.Images) < run.BatchSize
            ? Advise(problem, "train.batch_size", $"{FewUpdatesAnEpoch.BatchFor(run.Images)}")
            : AdviseLowerRate(problem, run);
    }
}
