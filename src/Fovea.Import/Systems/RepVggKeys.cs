using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>The keys of RepVGG's and RepOptimizers' configuration with their defaults (train/config.py).</summary>
internal static class RepVggKeys
{
    private const string Data_ = "where images are, and which, is said by --data";
    private const string Loader = "of its loader; the images do not depend on it";
    private const string Flags = "--out says where the run is, --resume that it goes on";

    internal static IReadOnlyList<ForeignKey> Top { get; } =
    [
        ForeignKey.Without("BASE", "files that its own are built on; wanted them written out"),
        ForeignKey.Section("DATA"), ForeignKey.Section("MODEL"), ForeignKey.Section("TRAIN"), ForeignKey.Section("AUG"), ForeignKey.Section("TEST"),
        ForeignKey.Without("AMP_OPT_LEVEL", "half precision of GPUs; train.precision is this machine's"),
        .. ForeignKey.AllWithout(Flags, "OUTPUT", "TAG"),
        .. ForeignKey.AllWithout("what is done with the model is said by the command", "EVAL_MODE", "THROUGHPUT_MODE"),
        ForeignKey.Without("LOCAL_RANK", "which of several GPUs it is"),
        ForeignKey.Whole("SAVE_FREQ", 20),
        ForeignKey.Whole("PRINT_FREQ", 10),
        ForeignKey.Whole("SEED", 0),
    ];

    internal static IReadOnlyList<ForeignKey> Data { get; } =
    [
        ForeignKey.Count("BATCH_SIZE", 128),
        ForeignKey.Without("DATA_PATH", Data_),
        ForeignKey.Text("DATASET", "imagenet"),
        ForeignKey.Count("IMG_SIZE", 224),
        ForeignKey.Whole("TEST_SIZE"),
        ForeignKey.Without("TEST_BATCH_SIZE", "evaluations do not depend on how images are batched"),
        ForeignKey.Text("INTERPOLATION", "bilinear"),
        .. ForeignKey.AllWithout(Loader, "ZIP_MODE", "CACHE_MODE", "PIN_MEMORY", "NUM_WORKERS"),
    ];

    internal static IReadOnlyList<ForeignKey> Model { get; } =
    [
        ForeignKey.Text("ARCH", "RepVGG-L2pse"), ForeignKey.Text("RESUME", ""), ForeignKey.Without("NUM_CLASSES", "the classes are those of the data"),
        ForeignKey.Number("LABEL_SMOOTHING", 0.1),
    ];

    internal static IReadOnlyList<ForeignKey> Train { get; } =
    [
        .. ForeignKey.AllWithout(Flags, "START_EPOCH", "AUTO_RESUME"),
        ForeignKey.Whole("EPOCHS", 300),
        ForeignKey.Number("WARMUP_EPOCHS", 20),
        ForeignKey.Number("WEIGHT_DECAY", 0.05),
        ForeignKey.Number("BASE_LR", 5e-4),
        ForeignKey.Number("WARMUP_LR", 0),
        ForeignKey.Number("MIN_LR", 0),
        ForeignKey.Number("CLIP_GRAD", 0),
        ForeignKey.Whole("ACCUMULATION_STEPS", 0),
        ForeignKey.Flag("USE_CHECKPOINT"),
        ForeignKey.Section("LR_SCHEDULER"),
        ForeignKey.Section("OPTIMIZER"),
        ForeignKey.Number("EMA_ALPHA", 0),
        ForeignKey.Whole("EMA_UPDATE_PERIOD", 8),
        ForeignKey.Text("SCALES_PATH"),
    ];

    internal static IReadOnlyList<ForeignKey> Schedule { get; } =
        [ForeignKey.Text("NAME", "cosine"), ForeignKey.Number("DECAY_EPOCHS", 30), ForeignKey.Number("DECAY_RATE", 0.1)];

    internal static IReadOnlyList<ForeignKey> Optimizer { get; } =
        [ForeignKey.Text("NAME", "sgd"), ForeignKey.Number("EPS", 1e-8), ForeignKey.Numbers("BETAS", 0.9, 0.999), ForeignKey.Number("MOMENTUM", 0.9)];

    internal static IReadOnlyList<ForeignKey> Test { get; } = [ForeignKey.Flag("CROP")];

    /// <summary>The two systems differ in one default.</summary>
    internal static IReadOnlyList<ForeignKey> Augment(double mixup) =>
    [
        ForeignKey.Number("MIXUP", mixup),
        ForeignKey.Number("CUTMIX", 0),
        ForeignKey.Numbers("CUTMIX_MINMAX"),
        ForeignKey.Number("MIXUP_PROB", 1),
        ForeignKey.Number("MIXUP_SWITCH_PROB", 0.5),
        ForeignKey.Text("MIXUP_MODE", "batch"),
        ForeignKey.Text("PRESET"),
        ForeignKey.Numbers("COLOR_JITTER", 0.4),
        ForeignKey.Text("AUTO_AUGMENT", "rand-m9-mstd0.5-inc1"),
        ForeignKey.Number("REPROB", 0.25),
        ForeignKey.Text("REMODE", "pixel"),
        ForeignKey.Whole("RECOUNT", 1),
    ];
}
