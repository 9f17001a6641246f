using Fovea.Training.Logging;

namespace Fovea.Training.Checks;

/// <summary>A loss that stays above where it began for a whole epoch: the run diverges, if only for a time.</summary>
public sealed record LossAboveItsStart : RunCheck
{
    private const double Above = 1.25;

    /// <inheritdoc/>
    public override Advice? After(PlannedRun run, EpochReport epoch, double? firstLoss) => firstLoss is { } start && epoch.TrainLoss > Above * start
        ? AdviseLowerRate($"the loss of epoch {epoch.Epoch}, {Text(epoch.TrainLoss)} in the mean, is above that of the first batch, {Text(start)}", run)
        : null;
}
