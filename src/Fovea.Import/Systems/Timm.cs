using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>timm's <c>args.yaml</c>, which its <c>train.py</c> writes into each run: all of its arguments.</summary>
/// <remarks>Facts of https://github.com/huggingface/pytorch-image-models: train.py, timm/scheduler, timm/optim, timm/data.</remarks>
internal sealed record Timm : ForeignSystem
{
    private const string Transforms = "augment.transforms";

    public override string Name => "timm";

    public override string Address => "https://github.com/huggingface/pytorch-image-models";

    internal override IReadOnlyList<ForeignKey> Keys => TimmKeys.All;

    public override string ModelKey => "model";

    public override string BatchKey => "batch_size";

    internal override bool KeysAreFlags => true;

    /// <summary>The catalogue has timm's names; what is behind a dot says the weights.</summary>
    internal override ModelNames Models { get; } = new((@"([\w-]+)\..+", "$1"));

    internal override void Translate(Translation translation)
    {
        var file = new ForeignSection(translation, "", translation.Tree.Root, TimmKeys.All);
        Model(translation, file);
        Images(translation, file);
        Augment(translation, file);
        Loss(translation, file);
        var images = Batches.PerCard(translation, file["batch_size"], file["grad_accum_steps"]);
        TimmOptimizer.Translate(translation, file, images);
        TimmSchedule.Translate(translation, file);
        TimmCourse.Translate(translation, file);
        file.Rest("timm does not read it beside the other values of this file");
    }

    private void Model(Translation translation, ForeignSection file)
    {
        Models.Translate(translation, file["model"]);
        if (file["pretrained"].Flag)
            translation.Set(
                file["pretrained"], "model.pretrained", file["model"].Text.Contains('.', StringComparison.Ordinal) ? file["model"].Text : "default",
                "Fovea's published weights");
        foreach (var key in new[] { "initial_checkpoint", "pretrained_path" })
            if (file[key].Text.Length > 0) translation.Set(file[key], "model.weights", file[key].Text);
        translation.Set(file["drop"], "model.drop_rate", file["drop"].Number);
        if (!file["drop_path"].IsNull) translation.Set(file["drop_path"], "model.drop_path_rate", file["drop_path"].Number);
        else if (!file["drop_connect"].IsNull) translation.Set(file["drop_connect"], "model.drop_path_rate", file["drop_connect"].Number);
        foreach (var key in new[] { "drop_block", "bn_momentum", "bn_eps", "gp", "head_init_scale", "head_init_bias" })
            if (!file[key].IsNull && file[key].Text != "avg") translation.Cannot(file[key], "it is fixed in the model");
        if (file["bn_tf"].Flag)
            translation.Cannot(file["bn_tf"], "momentum and epsilon of norms are fixed in the model; those of the tf_ rows are TensorFlow's");
        if (file["sync_bn"].Flag) translation.Cannot(file["sync_bn"], "norms take the statistics of one batch");
        if (file["split_bn"].Flag) translation.Cannot(file["split_bn"], "there are no norms for parts of a batch that are augmented in several ways");
        translation.Set(file["grad_checkpointing"], "train.gradient_checkpointing", file["grad_checkpointing"].Flag);
    }

    private static void Images(Translation translation, ForeignSection file)
    {
        var (size, shape) = (file["img_size"], file["input_size"]);
        if (!size.IsNull) translation.Set(size, "data.image_size", size.Whole);
        else if (shape.Numbers is [_, var high, var wide])
        {
            if (high == wide) translation.Set(shape, "data.image_size", (int)high);
            else translation.Cannot(shape, "images are square");
        }

        foreach (var key in new[] { "mean", "std" })
            if (!file[key].IsNull) translation.Set(file[key], $"data.{key}", file[key].Numbers.ToArray());
        if (!file["crop_pct"].IsNull) translation.Set(file["crop_pct"], "data.crop_fraction", file["crop_pct"].Number);
        Interpolation(translation, file["interpolation"]);
        var (tested, trained) = (file["interpolation"].Text, file["train_interpolation"]);
        if (trained.Text.Length == 0 || trained.Text == tested || file["no_aug"].Flag) translation.Idle(trained, "that of evaluation");
        else if (trained.Text == "random" || tested.Length > 0) translation.Cannot(trained, "one interpolation for all images, that of the data");
        else Interpolation(translation, trained);
    }

    private static void Interpolation(Translation translation, ForeignValue value)
    {
        if (value.Text.Length == 0) translation.Idle(value, "that of the model");
        else if (value.Text is "bilinear" or "bicubic" or "nearest" or "lanczos" or "box") translation.Set(value, "data.interpolation", value.Text);
        else if (value.Text == "hamming") translation.Cannot(value, "there is no Hamming window");
        else translation.Wrong(value, "bilinear, bicubic, nearest, lanczos, hamming or box");
    }

    private static void Augment(Translation translation, ForeignSection file)
    {
        translation.Draft.Set(Transforms, Array.Empty<string>(), translation.Tree.File);
        if (file["no_aug"].Flag) translation.Same(file["no_aug"], "images as in evaluation");
        else
        {
            var crop = translation.Draft.Add(Transforms, "random_resized_crop", translation.Tree.File);
            TimmRules.Pair(translation, file["scale"], $"{crop}.min_scale", $"{crop}.max_scale");
            TimmRules.Pair(translation, file["ratio"], $"{crop}.min_ratio", $"{crop}.max_ratio");
            TimmRules.Chance(translation, file["hflip"], "horizontal_flip");
            TimmRules.Chance(translation, file["vflip"], "vertical_flip");
            TimmRules.Colours(translation, file["aa"], file["color_jitter"], file["color_jitter_prob"]);
            TimmRules.Chance(translation, file["grayscale_prob"], "grayscale");
            TimmRules.Chance(translation, file["gaussian_blur_prob"], "gaussian_blur");
            TimmRules.Erasing(translation, file["reprob"], file["remode"], file["recount"]);
        }

        TimmRules.Mixes(
            translation, file["mixup"], file["cutmix"], file["cutmix_minmax"], file["mixup_prob"], file["mixup_switch_prob"], file["mixup_mode"]);
        if (file["mixup_off_epoch"].Whole > 0) translation.Cannot(file["mixup_off_epoch"], "images are mixed to the end of the run");
        if (file["aug_repeats"].Number > 1) translation.Set(file["aug_repeats"], "augment.repeats", (int)file["aug_repeats"].Number);
        if (file["aug_splits"].Whole > 1) translation.Cannot(file["aug_splits"], "there is no loss of several views of each image");
        Crop(translation, file["train_crop_mode"]);
    }

    private static void Crop(Translation translation, ForeignValue mode)
    {
        if (mode.Text is "" or "rrc") translation.Same(mode, "random_resized_crop");
        else if (mode.Text is "rkrc" or "rkrr") translation.Cannot(mode, "training images are cut at random, of any size; none keeps its proportions");
        else translation.Wrong(mode, "rrc, rkrc or rkrr");
    }

    private static void Loss(Translation translation, ForeignSection file)
    {
        foreach (var key in new[] { "jsd_loss", "jsd" })
            if (file[key].Flag) translation.Refuse(file[key], "there is no loss of several views of each image (JSD)");
        if (file["kd_model_name"].Text.Length > 0) translation.Cannot(file["kd_model_name"], "wanted loss kd with a teacher and its weights");
        var isBinary = file["bce_loss"].Flag;
        translation.Set(file["bce_loss"], "loss.kind", isBinary ? "bce" : "cross_entropy");
        translation.Set(file["smoothing"], "loss.label_smoothing", file["smoothing"].Number);
        if (!isBinary) return;
        translation.Set(file["bce_sum"], "loss.sum_classes", file["bce_sum"].Flag);
        if (!file["bce_target_thresh"].IsNull) translation.Set(file["bce_target_thresh"], "loss.target_threshold", file["bce_target_thresh"].Number);
        if (!file["bce_pos_weight"].IsNull) translation.Cannot(file["bce_pos_weight"], "wanted loss.positive_weights, a number for each class");
    }
}
