using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>The keys of PaddleClas up to release 2.1 with the defaults of what reads them.</summary>
internal static class PaddleKeys20
{
    private const string Places = "--out says where the run is, --resume that it goes on";
    private const string Half = "half precision of GPUs; train.precision is this machine's";

    internal static IReadOnlyList<ForeignKey> Top { get; } =
    [
        ForeignKey.Without("mode", "what is done is said by the command"),
        ForeignKey.Section("ARCHITECTURE"), ForeignKey.Section("LEARNING_RATE"), ForeignKey.Section("OPTIMIZER"), ForeignKey.Section("TRAIN"),
        ForeignKey.Section("VALID"),
        ForeignKey.Text("pretrained_model"), ForeignKey.Text("checkpoints"),
        .. ForeignKey.AllWithout(Places, "model_save_dir", "last_epoch", "save_interval", "load_static_weights"),
        ForeignKey.Without("classes_num", "the classes are those of the data"),
        ForeignKey.Without("total_images", "the images are counted"),
        ForeignKey.Without("image_shape", "of the exported model; the transforms say the size"),
        ForeignKey.Without("topk", "evaluations print top-1 and top-5"),
        .. ForeignKey.AllWithout("of the device; here the processor computes", "use_gpu", "use_xpu", "is_distributed", "data_format", "use_dali"),
        .. ForeignKey.AllWithout(Half, "use_amp", "use_pure_fp16", "multi_precision", "scale_loss", "use_dynamic_loss_scaling"),
        ForeignKey.Without("use_aa", "AutoAugment stands among the transforms where it is used"),
        ForeignKey.Flag("validate", true),
        ForeignKey.Whole("valid_interval", 1),
        ForeignKey.Whole("epochs", 120),
        ForeignKey.Flag("use_mix"),
        ForeignKey.Number("ls_epsilon", -1),
        ForeignKey.Flag("use_distillation"),
        ForeignKey.Flag("use_ema"),
        ForeignKey.Number("ema_decay", 0.9999),
    ];

    internal static IReadOnlyList<ForeignKey> Architecture { get; } = [ForeignKey.Text("name", ""), ForeignKey.Section("params")];

    internal static IReadOnlyList<ForeignKey> Parameters { get; } =
    [
        ForeignKey.Numbers("lr_mult_list"), ForeignKey.Whole("stop_grad_layers"), ForeignKey.Text("padding_type"), ForeignKey.Section("override_params"),
    ];

    internal static IReadOnlyList<ForeignKey> Part { get; } =
    [
        ForeignKey.Count("batch_size", 256), ForeignKey.Section("transforms"), ForeignKey.Section("mix"),
        .. ForeignKey.AllWithout("where images are, and of which class, is said by --data", "file_list", "data_dir", "delimiter"),
        .. ForeignKey.AllWithout("of its loader; the images do not depend on it", "num_workers", "use_shared_memory"),
        ForeignKey.Without("shuffle_seed", "the order of images follows from train.seed"),
    ];

    internal static IReadOnlyList<ForeignKey> Optimizer { get; } =
        [ForeignKey.Text("function", "Momentum"), ForeignKey.Section("params"), ForeignKey.Section("regularizer")];

    internal static IReadOnlyList<ForeignKey> OptimizerParameters { get; } =
    [
        ForeignKey.Number("momentum", 0.9), ForeignKey.Number("rho", 0.95), ForeignKey.Number("epsilon", 1e-6), ForeignKey.Flag("use_nesterov"),
        ForeignKey.Without("multi_precision", Half),
    ];

    internal static IReadOnlyList<ForeignKey> Regularizer { get; } = [ForeignKey.Text("function", "L2"), ForeignKey.Number("factor", 0)];

    internal static IReadOnlyList<ForeignKey> Schedule { get; } = [ForeignKey.Text("function", "Linear"), ForeignKey.Section("params")];

    internal static IReadOnlyList<ForeignKey> ScheduleParameters { get; } =
    [
        ForeignKey.Number("lr", 0.1), ForeignKey.Numbers("decay_epochs", 30, 60, 90), ForeignKey.Number("gamma", 0.1), ForeignKey.Number("warmup_epoch", 5),
        ForeignKey.Number("decay_rate", 0.97), ForeignKey.Whole("steps", 100), ForeignKey.Number("end_lr", 0),
    ];
}
