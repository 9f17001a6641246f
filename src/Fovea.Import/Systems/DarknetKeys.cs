using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>The keys of a cfg's <c>[net]</c>, with Darknet's defaults (AlexeyAB/darknet, <c>parse_net_options</c>).</summary>
internal static class DarknetKeys
{
    private const string OfDetectors = "it is of detectors";
    private const string OfGpus = "it is of GPUs and their memory";
    private const string OfSequences = "it is of sequences of images";

    /// <summary>
    /// What a cfg is read as: its options, those that stand there again, those that nobody reads, its layers, and what these say of their own training.
    /// </summary>
    internal static IReadOnlyList<ForeignKey> File { get; } =
        [
        ForeignKey.Section(DarknetCfg.Options), ForeignKey.Section(DarknetCfg.Again), ForeignKey.Section(DarknetCfg.Unread), ForeignKey.Text(DarknetCfg.Layers),
        ForeignKey.Section(DarknetCfg.Apart),
    ];

    /// <summary>The keys of <c>[net]</c>.</summary>
    internal static IReadOnlyList<ForeignKey> Net { get; } =
    [
        ForeignKey.Whole("batch", 1), ForeignKey.Whole("subdivisions", 1), ForeignKey.Whole("max_batches", 0),
        ForeignKey.Whole("width", 0), ForeignKey.Whole("height", 0), ForeignKey.Whole("channels", 0), ForeignKey.Whole("inputs"),
        ForeignKey.Number("learning_rate", 1e-3), ForeignKey.Number("learning_rate_min", 1e-5), ForeignKey.Number("momentum", 0.9),
        ForeignKey.Number("decay", 1e-4), ForeignKey.Text("policy", "constant"), ForeignKey.Number("power", 4), ForeignKey.Whole("burn_in", 0),
        ForeignKey.Whole("step", 1), ForeignKey.Number("scale", 1), ForeignKey.Numbers("steps"), ForeignKey.Numbers("scales"),
        ForeignKey.Numbers("seq_scales"), ForeignKey.Number("gamma", 1), ForeignKey.Whole("sgdr_cycle"), ForeignKey.Whole("sgdr_mult", 2),
        ForeignKey.Flag("adam"), ForeignKey.Number("B1", 0.9), ForeignKey.Number("B2", 0.999), ForeignKey.Number("eps", 1e-6),
        ForeignKey.Whole("max_crop"), ForeignKey.Whole("min_crop"), ForeignKey.Flag("flip", true), ForeignKey.Number("angle", 0),
        ForeignKey.Number("aspect", 1), ForeignKey.Number("saturation", 1), ForeignKey.Number("exposure", 1), ForeignKey.Number("hue", 0),
        ForeignKey.Whole("blur", 0), ForeignKey.Whole("mixup", 0), ForeignKey.Flag("cutmix"), ForeignKey.Flag("mosaic"),
        ForeignKey.Number("label_smooth_eps", 0), ForeignKey.Number("ema_alpha", 0),
        .. ForeignKey.AllWithout(
            OfDetectors, "letter_box", "mosaic_bound", "gaussian_noise", "resize_step", "attention", "adversarial_lr", "badlabels_rejection_percentage",
            "num_sigmas_reject_badlabels", "equidistant_point", "contrastive", "contrastive_jit_flip", "contrastive_color", "unsupervised"),
        .. ForeignKey.AllWithout(
            OfGpus, "loss_scale", "optimized_memory", "workspace_size_limit_MB", "use_cuda_graph", "dynamic_minibatch", "try_fix_nan"),
        .. ForeignKey.AllWithout(OfSequences, "track", "augment_speed", "sequential_subdivisions", "time_steps"),
        ForeignKey.Without("max_chart_loss", "it is of Darknet's chart: how high the axis of the loss goes"),
        ForeignKey.Without("show_receptive_field", "it is of Darknet's table of layers"),
        ForeignKey.Whole("weights_reject_freq", 0),
    ];

    /// <summary>
    /// What a key of a layer's own training is where it changes nothing (<c>parse_network_cfg_custom</c>, <c>parse_crop</c>); null for other keys.
    /// </summary>
    internal static string? UsualOfLayer(string section, string key) => (section, key) switch
    {
        (_, "learning_rate") or ("crop", "saturation" or "exposure") => "1",
        (_, "clip" or "onlyforward" or "dont_update" or "burnin_update" or "stopbackward" or "train_only_bn") or ("crop", "flip" or "angle") => "0",
        _ => null,
    };
}
