using System.Globalization;
using Fovea.Data.Batching;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Training.Checks;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Auto;

/// <summary>The numbers that a chosen recipe follows from.</summary>
/// <param name="Data">The data.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Options">What was said.</param>
/// <param name="Held">How the images part.</param>
/// <param name="Budget">What the time allows.</param>
/// <param name="Net">The net.</param>
/// <param name="Batch">Images in a batch.</param>
/// <param name="Augmentation">How images are augmented.</param>
internal sealed record RunChoice(
    DataSummary Data, Machine Machine, AutoOptions Options, HeldBack Held, RunBudget Budget, NetChoice Net, int Batch, Augmentation Augmentation)
{
    private const double LargestWarmup = 5;
    private const double WarmupShare = 0.1;
    private const double LongTail = 5;
    private const double VeryLongTail = 20;
    private const double Smoothing = 0.1;
    private const int LargestBatch = 128;
    private const double PriorOfFeatures = 50;
    private const int FewestAveraged = 200;
    private const double AveragedUpdates = 20;

    /// <summary>How long the run takes, about.</summary>
    internal TimeSpan Estimate => Budget.TimeOf(Net, Epochs);

    /// <summary>
    /// A classifier soon knows few images by heart: its weights are held near zero, the more so the fewer there are, as by a normal
    /// prior whose strength does not follow their number.
    /// </summary>
    private SgdOptions OptimizerOfFeatures => new()
    {
        LearningRate = 0.02, Nesterov = true, LinearRuleBatch = LargestBatch,
        WeightDecay = Math.Round(Math.Clamp(PriorOfFeatures / Held.Images, 1e-4, 1), 4),
    };

    private int Epochs => Budget.EpochsFor(Net);

    private int UpdatesPerEpoch => Math.Max(1, Held.Images / Math.Min(Batch, Held.Images));

    /// <summary>Whether rare classes count as much as others where the run is evaluated.</summary>
    private bool IsJudgedEvenly => Data.ValidationImages > 0 && Data.ValidationImbalance <= Data.Imbalance / 2;

    /// <summary>
    /// How far the loss makes rare classes weigh as much: wholly where evaluation has as many of them, half where it has the tail of training and that is very
    /// long, otherwise not, for what is evaluated would suffer.
    /// </summary>
    private double Adjustment => Data.Imbalance < LongTail ? 0 : IsJudgedEvenly ? 1 : Data.Imbalance >= VeryLongTail ? 0.5 : 0;

    private long Updates => (long)UpdatesPerEpoch * Epochs;

    /// <exception cref="RecipeException">The model cannot take such images.</exception>
    internal static RunChoice Of(DataSummary data, Machine machine, AutoOptions options)
    {
        var held = HeldBack.Of(data, options);
        var budget = new RunBudget(machine, options, held);
        var net = budget.Choose(NetsFor(data, options));
        var batch = options.BatchSize > 0 ? options.BatchSize : BatchFor(held.Images, net, machine);
        var augmentation = options.IsClassifierAlone ? Augmentation.OfFeatures
            : Augmentation.For(data, net.Size, budget.EpochsFor(net), held.Images);
        return new(data, machine, options, held, budget, net, batch, augmentation);
    }

    internal TrainRecipe Recipe() => new()
    {
        Model = Net.Model,
        Data = new()
        {
            ImageSize = Net.Size, CropFraction = Augmentation.IsWhole ? 1 : 0, ValidationFraction = Held.Share, BadImages = BadImagePolicy.Skip,
        },
        Freeze = Options.IsClassifierAlone ? new() { Names = [FreezeOptions.Backbone] } : new(),
        Augment = Augmentation.Options,
        Optimizer = Options.IsClassifierAlone ? OptimizerOfFeatures : Net.Optimizer(Batch),
        Schedule = new CosineOptions { WarmupEpochs = Math.Min(LargestWarmup, Math.Round(WarmupShare * Epochs, 2)) },
        Loss = Adjustment > 0 ? new LogitAdjustmentOptions { Tau = Adjustment } : new CrossEntropyOptions { LabelSmoothing = Smoothing },
        Average = Updates >= FewestAveraged ? new EmaOptions { Decay = DecayFor(Updates) } : new NoAverageOptions(),
        Train = new()
        {
            Epochs = Epochs, BatchSize = Batch, DropLast = Held.Images >= Batch, Precision = Machine.Precision, ValidateEvery = Budget.ValidateEvery(Epochs),
        },
    };

    /// <summary>What was chosen and why.</summary>
    /// <param name="recipe">What came of it.</param>
    internal IEnumerable<AutoReason> Explain(TrainRecipe recipe)
    {
        yield return new("data", Describe(Data, Held));
        yield return new("bad images", "those that cannot be read are named and left out (data.bad_images)");
        if (Data.ValidationImages == 0)
            yield return Because("validation", $"{Held.Share} of each class is held back where that is an image, since the data have no validation part");
        yield return new("machine", Describe(Machine, Net));
        yield return new("model", Budget.Explain(Net));
        yield return Because("input", $"{Net.Size}×{Net.Size}, the shorter sides of the images being {Data.MedianSide} pixels in the median");
        yield return Because("batch", $"{Batch}, by which an epoch has {Amount.Of(UpdatesPerEpoch, "update")}");
        yield return new("epochs", Budget.ExplainEpochs(Net, Updates));
        yield return new("augmentation", Augmentation.Why);
        var tail = Data.Imbalance < LongTail ? "" : Invariant($": the largest class has {Data.Imbalance:F0} times the images of the smallest, ")
            + (IsJudgedEvenly ? "evaluation is more even" : "evaluation is no more even");
        yield return recipe.Loss is LogitAdjustmentOptions { Tau: var tau }
            ? Because("loss", $"logit_adjustment by {tau}, so that rare classes weigh more{tail}")
            : Because("loss", $"cross_entropy with label smoothing {Smoothing}{tail}");
        var rate = recipe.Optimizer.ScaledRate(Batch);
        yield return Because(
            "optimizer", $"{recipe.Optimizer.Kind}, learning rate {rate:G3}, warm-up over {recipe.Schedule.WarmupEpochs} of the epochs, then a cosine to 0");
        if (recipe.Average is EmaOptions ema) yield return Because("average", $"of the weights, keeping {ema.Decay} of itself at an update; it is evaluated");
        if (recipe.Train.ValidateEvery > 1)
            yield return Because("evaluation", $"every {recipe.Train.ValidateEvery} epochs, since {Held.Validation} validation images take their time");
    }

    private static IReadOnlyList<NetChoice> NetsFor(DataSummary data, AutoOptions options)
    {
        var nets = options.Model is { } model
            ? NetLadder.Of(model, data.MedianSide, options.ImageSize) : NetLadder.For(data.MedianSide, options.ImageSize);
        var size = options.ImageSize > 0 ? options.ImageSize : NetLadder.SizeFor(data.MedianSide);
        return nets.Count > 0 ? nets : throw new RecipeException(
            $"{options.Model?.Title ?? "no net of the choice"} cannot take images of {size}×{size}; wanted another data.image_size, or another model");
    }

    /// <summary>The largest power of two up to 128 that leaves an epoch twenty updates, and that half of the memory holds.</summary>
    private static int BatchFor(int images, NetChoice net, Machine machine)
    {
        var batch = Math.Min(Math.Min(LargestBatch, FewUpdatesAnEpoch.BatchFor(images)), images);
        while (batch > 1 && batch * (double)net.Cost.ActivationBytes > machine.MemoryBytes / 2.0) batch /= 2;
        return batch;
    }

    /// <summary>An average over about the last twentieth of the run.</summary>
    private static double DecayFor(long updates) => Math.Round(Math.Clamp(1 - (AveragedUpdates / updates), 0.9, 0.9995), 4);

    private static string Describe(DataSummary data, HeldBack held) =>
        $"{Amount.Of(held.Images, data.IsGrey ? "grey image" : "image")} to train on in {Amount.Of(data.ClassNames.Count, "class")} "
        + $"of {Amount.Range(data.ClassCounts.Min(), data.ClassCounts.Max())} each, "
        + Invariant($"{held.Validation} to evaluate, shorter sides of {data.MedianSide} pixels in the median");

    private static string Describe(Machine machine, NetChoice net)
    {
        var step = Invariant($"a step takes {net.Work / machine.OperationsPerSecond * 1000:G3} ms an image");
        var loading = Invariant($", making it ready {machine.Loading.Again * 1000:G3} ms");
        return Invariant($"{Amount.Of(machine.Cores, "core")}, {machine.MemoryBytes / (double)(1L << 30):F1} GiB; {RecipeWriter.Value(machine.Precision)}: ")
            + step + (machine.IsMeasured ? loading + ", measured" : ", estimated");
    }

    private static AutoReason Because(string part, FormattableString text) => new(part, Invariant(text));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
