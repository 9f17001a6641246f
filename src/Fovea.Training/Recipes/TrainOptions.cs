using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>The course of a run.</summary>
public sealed record TrainOptions : IOptions
{
    /// <summary>The most images in a batch.</summary>
    public const int MostImages = 65_536;

    private const int MostEpochs = 1_000_000;
    private const int MostBatches = 10_000;
    private const int MostMinutes = 1_000_000;

    private static readonly KeptCheckpoint[] s_usual = [KeptCheckpoint.Best, KeptCheckpoint.Latest];

    /// <summary>How often every training image is seen, but for what <c>sampler</c> says; 1–1 000 000. Default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>
    /// The updates of the run, which ends with the last of them, in the middle of an epoch where it falls so; <c>epochs</c> is then what they need. 0, the
    /// default, to 2 147 483 647; 0: those of all epochs.
    /// </summary>
    public int Steps { get; init; }

    /// <summary>
    /// Images in a batch; 1–65 536. 0 takes the largest that fits: the largest power of two whose plan takes at most half of the memory, and that leaves an
    /// epoch 20 updates (but at least 8 images); a run keeps what was found. Default 128.
    /// </summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>
    /// Batches whose gradients make one update; 1 (the default) to 10 000. It is the update of all their images at once, but that norms take the statistics of
    /// each batch, and losses with weights of classes the weighted mean of each.
    /// </summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Whether a last batch that is not full is left out of training (never of evaluation); default false.</summary>
    public bool DropLast { get; init; }

    /// <summary>The arithmetic: fp32 (default), bf16 or auto.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>The key of all randomness: initial weights, order of the images, augmentation, dropout; 0 to 2⁶⁴ − 1. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The share that averaged weights keep at each update; at least 0, below 1. 0, the default, averages nothing. Update t, counted from 1,
    /// uses min(this, (1 + t)/(10 + t)), so that the start is forgotten soon. The averaged weights are those that are evaluated. The section
    /// <c>average</c> has more ways.
    /// </summary>
    public double EmaDecay { get; init; }

    /// <summary>The bound on the norm of the whole gradient, which is scaled down where it is larger; 1e-30 to 1e30. 0, the default, sets none.</summary>
    public double ClipGradientNorm { get; init; }

    /// <summary>The bound on every number of the gradient, by size; 1e-30 to 1e30. 0, the default, sets none.</summary>
    public double ClipGradientValue { get; init; }

    /// <summary>
    /// The bound on the gradient's norm as a share of the weight's, which counts as 0.001 at least, for each output of a parameter (one of a single axis as a
    /// whole); 1e-30 to 1e30. 0, the default, sets none. Adaptive clipping, Brock et al. 2021, arXiv:2102.06171.
    /// </summary>
    public double ClipGradientAdaptive { get; init; }

    /// <summary>
    /// Ghost batch norm (Hoffer et al. 2017, arXiv:1705.08741): batch norms take the statistics of groups of at least so many images, of which a batch has as
    /// many as it can; groups differ by one image at most, and running statistics follow one group after the other, as they would small batches. 0, the
    /// default, takes those of the whole batch; 0–65 536.
    /// </summary>
    public int GhostBatch { get; init; }

    /// <summary>
    /// Gradient checkpointing (Chen et al. 2016, arXiv:1604.06174): of the activations only those between about √n parts of the model are kept for the
    /// backward pass, which computes the others again. The same gradients in less memory, with one forward pass more; default false.
    /// </summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>A line in the log every so many steps; at least 1. Default 50.</summary>
    public int LogEvery { get; init; } = 50;

    /// <summary>An evaluation after every so many epochs, and always after the last; 0 means only after the last. Default 1.</summary>
    public int ValidateEvery { get; init; } = 1;

    /// <summary>
    /// The run ends when so many epochs have passed without a better top-1 of the validation images; 0 (the default: never) to 1 000 000. A schedule that
    /// falls towards the last epoch does not get there then.
    /// </summary>
    public int EarlyStop { get; init; }

    /// <summary>
    /// Which checkpoints a run leaves: latest, which no run can do without; best, the weights of the best evaluation alone, or best_state, all of that moment,
    /// which a run can go on from; previous, the one before the latest, which is there while a run trains in any case. Default [best, latest].
    /// </summary>
    public IReadOnlyList<KeptCheckpoint> Keep { get; init; } = s_usual;

    /// <summary>A checkpoint that is kept (<c>epoch-0010</c>), whole, after every so many epochs; 0, the default: none but what <c>keep</c> says.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>The latest checkpoint is written anew after every so many steps, also in mid-epoch; 0, the default, means after each epoch.</summary>
    public int CheckpointEverySteps { get; init; }

    /// <summary>
    /// The latest checkpoint is written anew when it is so many minutes old, also in mid-epoch; at most 1 000 000. 0 means never. Default 10.
    /// </summary>
    public double CheckpointEveryMinutes { get; init; } = 10;

    /// <summary>The same, with as many epochs as <see cref="Steps"/> need, if they say how long the run is.</summary>
    /// <param name="batches">The batches of an epoch; where there are none, which is told elsewhere, as if there were one.</param>
    public TrainOptions Lasting(long batches)
    {
        if (Steps == 0) return this;
        var perEpoch = ((Math.Max(1, batches) - 1) / Accumulate) + 1;
        return this with { Epochs = (int)Math.Min(MostEpochs, ((Steps - 1) / perEpoch) + 1) };
    }

    /// <inheritdoc/>
    public void Check(OptionChecks checks)
    {
        checks.AtLeast(Epochs, 1, MostEpochs);
        checks.AtLeast(Steps, 0, int.MaxValue);
        checks.AtLeast(BatchSize, 0, MostImages);
        checks.AtLeast(Accumulate, 1, MostBatches);
        checks.Below(EmaDecay, 0, 1);
        checks.ZeroOrPositive(ClipGradientNorm, OptionChecks.LargestScale);
        checks.ZeroOrPositive(ClipGradientValue, OptionChecks.LargestScale);
        checks.ZeroOrPositive(ClipGradientAdaptive, OptionChecks.LargestScale);
        checks.AtLeast(GhostBatch, 0, MostImages);
        checks.AtLeast(LogEvery, 1, int.MaxValue);
        checks.AtLeast(ValidateEvery, 0, int.MaxValue);
        checks.AtLeast(EarlyStop, 0, MostEpochs);
        if (EarlyStop > 0 && ValidateEvery == 0 && !checks.IsWrong(nameof(ValidateEvery)))
            checks.Fail(nameof(EarlyStop), $"{EarlyStop} without evaluations", "0, or train.validate_every above 0");
        CheckKept(checks);
        checks.AtLeast(CheckpointEvery, 0, int.MaxValue);
        checks.AtLeast(CheckpointEverySteps, 0, int.MaxValue);
        checks.AtLeast(CheckpointEveryMinutes, 0, MostMinutes);
    }

    private void CheckKept(OptionChecks checks)
    {
        var spelt = $"[{string.Join(", ", Keep.Select(kept => OptionNames.SnakeCase(kept.ToString())))}]";
        if (Keep.GroupBy(kept => kept).FirstOrDefault(group => group.Count() > 1) is { } again)
        {
            var often = again.Count() == 2 ? "twice" : $"{again.Count()} times";
            checks.Fail(nameof(Keep), $"{spelt}, in which {OptionNames.SnakeCase(again.Key.ToString())} stands {often}", "each once");
        }

        if (!Keep.Contains(KeptCheckpoint.Latest)) checks.Fail(nameof(Keep), spelt, "latest among them: a run goes on from it");
        if (Keep.Contains(KeptCheckpoint.Best) && Keep.Contains(KeptCheckpoint.BestState))
            checks.Fail(nameof(Keep), spelt, "best (its weights) or best_state (all of it), not both");
    }
}
