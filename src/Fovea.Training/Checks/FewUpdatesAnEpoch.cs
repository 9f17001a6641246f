using System.Numerics;
using Fovea.Naming;
using Fovea.Training.Logging;

namespace Fovea.Training.Checks;

/// <summary>Fewer updates an epoch than it takes to learn anything from it, though smaller batches would make more.</summary>
public sealed record FewUpdatesAnEpoch : RunCheck
{
    /// <summary>The updates that an epoch should have.</summary>
    public const int Enough = 20;

    /// <summary>The batch below which statistics of norms are noise, so that smaller ones are not advised.</summary>
    public const int SmallBatch = 8;

    /// <summary>The largest power of two that leaves <see cref="Enough"/> updates an epoch; at least <see cref="SmallBatch"/>.</summary>
    /// <param name="images">The training images.</param>
    public static int BatchFor(int images) =>
        (int)Math.Max(SmallBatch, images < Enough ? 1 : 1u << BitOperations.Log2((uint)(images / Enough)));

    /// <inheritdoc/>
    public override Advice? Before(PlannedRun run)
    {
        var (train, advised) = (run.Recipe.Train, BatchFor(run.Images));
        if (run.UpdatesPerEpoch >= Enough || train.BatchSize > run.Images) return null;
        if (train.Accumulate > 1 && run.Batches > run.UpdatesPerEpoch)
        {
            return Advise(
                $"batches of {train.BatchSize} × {train.Accumulate} make {Amount.Of(run.UpdatesPerEpoch, "update")} an epoch "
                + $"of {Amount.Of(run.Images, "image")}, too few to learn from",
                "train.accumulate", $"{Math.Max(1, run.Batches / Enough)}");
        }

        return advised < train.BatchSize
            ? Advise(
                $"batches of {train.BatchSize} make {Amount.Of(run.UpdatesPerEpoch, "update")} an epoch "
                + $"of {Amount.Of(run.Images, "image")}, too few to learn from",
                "train.batch_size", $"{advised}")
            : null;
    }
}
