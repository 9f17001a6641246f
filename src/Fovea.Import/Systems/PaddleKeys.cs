using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>The keys of PaddleClas's sections with the defaults of what reads them.</summary>
internal static class PaddleKeys
{
    private const string Device = "of the device; here the processor computes";
    private const string Places = "--out says where the run is, --resume that it goes on";
    private const string Loader = "of its loader; the images do not depend on it";
    private const string Exported = "of the exported model and of its predictions";
    private const string Kernel = "which kernel of the device computes it";

    internal static IReadOnlyList<ForeignKey> Global { get; } =
    [
        .. ForeignKey.AllWithout(
            Device, "device", "use_dali", "to_static", "use_visualdl", "use_xpu", "use_npu", "dist_strategy", "print_mem_info", "log_ranks"),
        .. ForeignKey.AllWithout(Places, "output_dir", "save_interval", "last_epoch"),
        .. ForeignKey.AllWithout(Exported, "image_shape", "save_inference_dir", "class_id_map_file"),
        ForeignKey.Without("class_num", "the classes are those of the data"),
        ForeignKey.Without("image_channel", "a fourth channel of zeros, for the speed of GPUs; the channels are those of the data"),
        ForeignKey.Text("pretrained_model"), ForeignKey.Text("checkpoints"),
        ForeignKey.Flag("eval_during_train", true),
        ForeignKey.Count("eval_interval", 1),
        ForeignKey.Whole("start_eval_epoch", 0),
        ForeignKey.Whole("epochs", 120),
        ForeignKey.Whole("print_batch_step", 10),
        ForeignKey.Whole("seed"),
        ForeignKey.Whole("update_freq", 1),
        ForeignKey.Text("train_mode"),
        ForeignKey.Text("eval_mode"),
        ForeignKey.Text("task", "classification"),
    ];

    internal static IReadOnlyList<ForeignKey> Arch { get; } =
    [
        ForeignKey.Text("name", ""),
        ForeignKey.Without("class_num", "the classes are those of the data"),
        ForeignKey.Text("pretrained"),
        ForeignKey.Flag("use_ssld"),
        ForeignKey.Number("drop_rate"),
        ForeignKey.Number("drop_path_rate"),
        ForeignKey.Number("dropout"),
        ForeignKey.Number("classifier_dropout"),
        ForeignKey.Number("dropout_prob"),
        ForeignKey.Number("layer_scale_init_value", 1e-6),
        ForeignKey.Number("head_init_scale", 1),
        ForeignKey.Section("override_params"),
        .. ForeignKey.AllWithout(Kernel, "use_fused_attn", "use_fused_linear", "data_format"),
        ForeignKey.Without("input_image_channel", "a fourth channel of zeros, for the speed of GPUs; the channels are those of the data"),
        ForeignKey.Flag("use_sync_bn"),
        ForeignKey.Text("layer_type"),
        ForeignKey.Flag("use_first_short_conv", true),
        ForeignKey.Text("padding_type"),
        ForeignKey.Section("models"),
        ForeignKey.Section("pretrained_list"),
        ForeignKey.Section("freeze_params_list"),
        ForeignKey.Text("infer_model_name"),
        ForeignKey.Numbers("lr_mult_list"),
        ForeignKey.Whole("stop_grad_layers"),
    ];

    internal static IReadOnlyList<ForeignKey> Overrides { get; } =
    [
        ForeignKey.Number("batch_norm_momentum", 0.99), ForeignKey.Number("batch_norm_epsilon", 1e-3), ForeignKey.Number("drop_connect_rate", 0.2),
        ForeignKey.Without("depth_trunc", "how depths are rounded; those of the catalogue are the published ones"), ForeignKey.Number("dropout_rate"),
    ];

    internal static IReadOnlyList<ForeignKey> Loss { get; } =
        [ForeignKey.Section("Train"), ForeignKey.Without("Eval", "evaluations print the loss of the recipe")];

    internal static IReadOnlyList<ForeignKey> Loaders { get; } =
        [
            ForeignKey.Section("Train"), ForeignKey.Section("Eval"), ForeignKey.Section("UnLabelTrain"), ForeignKey.Section("Gallery"),
            ForeignKey.Section("Query"),
        ];

    internal static IReadOnlyList<ForeignKey> Part { get; } =
        [ForeignKey.Section("dataset"), ForeignKey.Section("sampler"), ForeignKey.Without("loader", Loader)];

    internal static IReadOnlyList<ForeignKey> DataSet { get; } =
    [
        ForeignKey.Text("name", "ImageNetDataset"),
        .. ForeignKey.AllWithout("where images are, and of which class, is said by --data", "image_root", "cls_label_path", "delimiter", "relabel"),
        ForeignKey.Section("transform_ops"),
        ForeignKey.Section("batch_transform_ops"),
    ];

    internal static IReadOnlyList<ForeignKey> Sampler { get; } =
    [
        ForeignKey.Text("name", "DistributedBatchSampler"),
        ForeignKey.Count("batch_size", 1),
        ForeignKey.Flag("drop_last"),
        ForeignKey.Flag("shuffle"),
        ForeignKey.Whole("num_repeats", 3),
        ForeignKey.Numbers("scales", 224),
        ForeignKey.Whole("first_bs", 1),
        ForeignKey.Whole("divided_factor", 32),
        ForeignKey.Flag("is_training", true),
    ];

    internal static IReadOnlyList<ForeignKey> Average { get; } = [ForeignKey.Number("decay", 0.9999)];

    internal static IReadOnlyList<ForeignKey> Optimizer { get; } =
    [
        ForeignKey.Text("name", ""),
        ForeignKey.Section("lr"),
        ForeignKey.Section("regularizer"),
        ForeignKey.Number("momentum"),
        ForeignKey.Number("rho", 0.95),
        ForeignKey.Number("beta1", 0.9),
        ForeignKey.Number("beta2", 0.999),
        ForeignKey.Number("epsilon"),
        ForeignKey.Number("weight_decay"),
        ForeignKey.Text("no_weight_decay_name"),
        ForeignKey.Flag("one_dim_param_no_weight_decay"),
        ForeignKey.Number("clip_grad"),
        ForeignKey.Number("clip_norm"),
        ForeignKey.Flag("use_nesterov"),
        ForeignKey.Without("multi_precision", "half precision of GPUs; train.precision is this machine's"),
        ForeignKey.Number("layerwise_decay"),
    ];

    internal static IReadOnlyList<ForeignKey> Regularizer { get; } = [ForeignKey.Text("name", "L2"), ForeignKey.Number("coeff", 0)];
}
