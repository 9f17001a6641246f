using Fovea.Naming;
using Fovea.Ops;
using Fovea.Training.Logging;

namespace Fovea.Training.Checks;

/// <summary>Batch norms that take the statistics of one number, a map of one pixel of one image: whatever it is, it becomes the same.</summary>
public sealed record NormOfOneNumber : RunCheck
{
    private const int Usual = 16;

    /// <inheritdoc/>
    public override Advice? Before(PlannedRun run)
    {
        var (train, rest) = (run.Recipe.Train, run.Images % run.BatchSize);
        var isAlone = run.BatchSize == 1;
        if ((!isAlone && rest != 1 && train.GhostBatch != 1) || !HasNormOfOnePixel(run)) return null;
        if (isAlone)
            return Advise($"batches of one image have nothing to normalise in maps of one pixel, which {run.Model.Name} has", "train.batch_size", $"{Usual}")
                with { IsFatal = true };
        return train.GhostBatch == 1
            ? Advise(
                $"train.ghost_batch 1 leaves single images, which have nothing to normalise in maps of one pixel, which {run.Model.Name} has",
                "train.ghost_batch", $"0") with { IsFatal = true }
            : Advise(
                $"the last batch of an epoch of {Amount.Of(run.Images, "image")} is a single one, which has nothing to normalise in maps of one pixel, which "
                + $"{run.Model.Name} has",
                "train.drop_last", $"true");
    }

    private static bool HasNormOfOnePixel(PlannedRun run) =>
        run.Model.Nodes.Any(node => node.Op is BatchNorm && node.Inputs[0].Shape is var x && x.Elements == x[0] * (long)x[1]);
}
