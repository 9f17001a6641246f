using System.Globalization;
using Fovea.Training.Checks;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Auto;

/// <summary>A recipe that was chosen by data and machine, with what was chosen and why.</summary>
/// <remarks>A function of what it is given: the same data, machine and options give the same recipe.</remarks>
public sealed record AutoRecipe
{
    private const double LargestWarmup = 5;
    private const double WarmupShare = 0.1;
    private const double LongTail = 5;
    private const int LargestBatch = 128;
    private const int FewestAveraged = 200;

    /// <summary>The recipe.</summary>
    public required TrainRecipe Recipe { get; init; }

    /// <summary>What was chosen and why, a line each.</summary>
    public required IReadOnlyList<AutoReason> Reasons { get; init; }

    /// <summary>How long the run takes, about.</summary>
    public required TimeSpan Estimate { get; init; }

    /// <summary>How much a step does for one image by <see cref="Machine.FlopsPerSecond"/>, in floating-point operations.</summary>
    public required double TrainingFlops { get; init; }

    /// <summary>Chooses a recipe.</summary>
    /// <param name="data">The data.</param>
    /// <param name="machine">The machine that will train.</param>
    /// <param name="options">What is said already; null for nothing.</param>
    /// <exception cref="RecipeException">There are fewer than two classes, no images, or the model cannot take such images.</exception>
    public static AutoRecipe For(DataSummary data, Machine machine, AutoOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(machine);
        options ??= new();
        Check(data);
        var reasons = new List<AutoReason>();
        var held = HoldBack(data, options, reasons);
        var (images, validation) = Counts(data, held, options.Fraction);
        var budget = new RunBudget(machine, options, images, validation);
        var net = budget.Choose(NetsFor(data, options));
        var epochs = budget.EpochsFor(net);
        var estimate = budget.TimeOf(net, epochs);
        var batch = options.BatchSize > 0 ? options.BatchSize : BatchFor(images, net, machine);
        var updates = (long)Math.Max(1, images / Math.Min(batch, images)) * epochs;
        reasons.Insert(0, new("data", Describe(data, images, validation)));
        reasons.Add(new("machine", Describe(machine)));
        reasons.Add(new("model", budget.Explain(net)));
        reasons.Add(new("input", Invariant($"{net.Size}×{net.Size}, the shorter sides of the images being {data.MedianSide} pixels in the median")));
        reasons.Add(new("batch", options.BatchSize > 0 ? "as given" : Invariant($"{batch}, so that an epoch has {images / Math.Min(batch, images)} updates")));
        reasons.Add(new("epochs", Invariant($"{epochs}, {updates} updates, about {Text(estimate)}{budget.WhyEpochs(net)}")));
        var augmentation = Augmentation.For(data, net.Size, epochs, images);
        reasons.Add(new("augmentation", augmentation.Why));
        var recipe = new TrainRecipe
        {
            Model = net.Model,
            Data = new() { ImageSize = net.Size, CropFraction = augmentation.IsWhole ? 1 : 0, ValidationFraction = held },
            Augment = augmentation.Options,
            Optimizer = net.Optimizer,
            Schedule = new CosineOptions { WarmupEpochs = Math.Min(LargestWarmup, Math.Round(WarmupShare * epochs, 2)) },
            Loss = LossFor(data, reasons),
            Average = updates >= FewestAveraged ? new EmaOptions { Decay = DecayFor(updates) } : new NoAverageOptions(),
            Train = new()
            {
                Epochs = epochs, BatchSize = batch, DropLast = images >= batch, Precision = machine.Precision,
                ValidateEvery = budget.ValidateEvery(epochs),
            },
        };
        reasons.Add(new("optimizer", Invariant(
            $"{recipe.Optimizer.Kind}, learning rate {recipe.Optimizer.ScaledRate(batch):G3}, {recipe.Schedule.WarmupEpochs} epochs of warm-up, then a cosine to 0")));
        if (recipe.Average is EmaOptions ema)
            reasons.Add(new("average", Invariant($"of the weights, keeping {ema.Decay} of itself at an update; it is what is evaluated")));
        if (recipe.Train.ValidateEvery > 1)
            reasons.Add(new("evaluation", Invariant($"every {recipe.Train.ValidateEvery} epochs, since {validation} validation images take their time")));
        return new() { Recipe = recipe, Reasons = reasons, Estimate = estimate, TrainingFlops = net.TrainingFlops };
    }

    private static void Check(DataSummary data)
    {
        if (data.ClassNames.Count < 2)
            throw new RecipeException(
                $"the data have {(data.ClassNames.Count == 1 ? $"1 class, '{data.ClassNames[0]}'" : "no classes")}; wanted at least 2, in a folder each");
        if (data.ClassCounts.Count(count => count > 0) < 2) throw new RecipeException("fewer than two classes have training images; wanted some of each class");
    }

    private static IReadOnlyList<NetChoice> NetsFor(DataSummary data, AutoOptions options)
    {
        var nets = options.Model is { } model
            ? NetLadder.Of(model, data.MedianSide, options.ImageSize) : NetLadder.For(data.MedianSide, options.ImageSize);
        var size = options.ImageSize > 0 ? options.ImageSize : NetLadder.SizeFor(data.MedianSide);
        return nets.Count > 0 ? nets
            : throw new RecipeException($"{options.Model?.Title ?? "no net"} takes images of {size}×{size}; wanted another data.image_size, or another model");
    }

    /// <summary>The share that is held back: the usual tenth, or more where that would be none of most classes.</summary>
    private static double HoldBack(DataSummary data, AutoOptions options, List<AutoReason> reasons)
    {
        const double usual = 0.1;
        if (options.ValidationFraction is { } given) return given;
        if (data.ValidationImages > 0) return usual;
        var median = data.ClassCounts.Order().ElementAt(data.ClassCounts.Count / 2);
        var share = median is >= 2 and < 10 ? Math.Ceiling(100.0 / Math.Min(5, median)) / 100 : usual;
        reasons.Add(new("validation", Invariant($"{share} of each class is held back, since the data have no validation part")));
        return share;
    }

    /// <summary>How many images are trained on, and evaluated.</summary>
    private static (int Images, int Validation) Counts(DataSummary data, double held, double fraction)
    {
        if (data.ValidationImages > 0) return (Math.Max(1, (int)(data.Images * fraction)), data.ValidationImages);
        var (kept, validation) = (0, 0);
        foreach (var count in data.ClassCounts)
        {
            var back = (int)(count * held);
            (kept, validation) = (kept + count - back, validation + (back > 0 ? back : held > 0 ? count : 0));
        }

        return (Math.Max(1, (int)(kept * fraction)), validation);
    }

    /// <summary>The largest power of two up to 128 that leaves an epoch twenty updates, and that half of the memory holds.</summary>
    private static int BatchFor(int images, NetChoice net, Machine machine)
    {
        var batch = Math.Min(Math.Min(LargestBatch, FewUpdatesAnEpoch.BatchFor(images)), images);
        while (batch > 1 && batch * (double)net.Cost.ActivationBytes > machine.MemoryBytes / 2.0) batch /= 2;
        return batch;
    }

    private static LossOptions LossFor(DataSummary data, List<AutoReason> reasons)
    {
        const double smoothing = 0.1;
        if (data.Imbalance >= LongTail)
        {
            reasons.Add(new("loss", Invariant(
                $"logit_adjustment, since the largest class has {data.Imbalance:F0} times the images of the smallest, so that rare classes weigh as much")));
            return new LogitAdjustmentOptions();
        }

        reasons.Add(new("loss", Invariant($"cross_entropy with label smoothing {smoothing}")));
        return new CrossEntropyOptions { LabelSmoothing = smoothing };
    }

    /// <summary>An average over about the last twentieth of the run.</summary>
    private static double DecayFor(long updates) => Math.Round(Math.Clamp(1 - (20.0 / updates), 0.9, 0.9995), 4);

    private static string Describe(DataSummary data, int images, int validation) => Invariant(
        $"{images} {(data.IsGrey ? "grey " : "")}images to train on in {data.ClassNames.Count} classes of {data.ClassCounts.Min()} to ")
        + Invariant($"{data.ClassCounts.Max()}, {validation} to evaluate, shorter sides of {data.MedianSide} pixels in the median");

    private static string Describe(Machine machine) => Invariant(
        $"{machine.Cores} cores, {machine.MemoryBytes / (double)(1L << 30):F1} GiB, {machine.FlopsPerSecond / 1e9:F0} GFLOP/s in training")
        + (machine.IsMeasured ? ", measured" : ", estimated");

    private static string Text(TimeSpan time) => time.TotalMinutes < 2 ? Invariant($"{time.TotalSeconds:F0} s")
        : time.TotalHours < 2 ? Invariant($"{time.TotalMinutes:F0} min") : Invariant($"{time.TotalHours:F1} h");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
