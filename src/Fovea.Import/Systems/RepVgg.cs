using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>
/// RepVGG's and RepOptimizers' <c>main.py</c>: a yacs tree of capital keys, from a file, from <c>--opts</c>, or a run's <c>config.json</c>, which is
/// YAML.
/// </summary>
/// <remarks>
/// Facts of https://github.com/DingXiaoH/RepVGG and https://github.com/DingXiaoH/RepOptimizers: train/config.py, data/build.py, train/optimizer.py.
/// </remarks>
internal sealed record RepVgg : ForeignSystem
{
    /// <summary>The batch that their rates are meant for.</summary>
    private const int RuleBatch = 256;

    public override string Name => "RepVGG";

    public override string Address => "https://github.com/DingXiaoH/RepVGG";

    internal override IReadOnlyList<ForeignKey> Keys => RepVggKeys.Top;

    internal override int LeastKeys => 1;

    public override string ModelKey => "MODEL.ARCH";

    public override string BatchKey => "DATA.BATCH_SIZE";

    internal override IReadOnlyDictionary<string, string> Flags { get; } = new Dictionary<string, string>
    {
        ["--accumulation-steps"] = "TRAIN.ACCUMULATION_STEPS", ["--scales-path"] = "TRAIN.SCALES_PATH", ["--use-checkpoint"] = "TRAIN.USE_CHECKPOINT",
        ["--amp-opt-level"] = "AMP_OPT_LEVEL", ["--cache-mode"] = "DATA.CACHE_MODE", ["--zip"] = "DATA.ZIP_MODE", ["--local_rank"] = "LOCAL_RANK",
    };

    internal override ModelNames Models { get; } = new(
        (@"RepVGG-(\w+)", "repvgg_$1"),
        (@"RepOpt-VGG-(A0|B1|B2|L1|L2)-target(?:-norepopt)?", "repoptvgg_$1_target"),
        (@"RepOpt-VGG-(A0|B1|B2|L1|L2)-(hs|repvgg)", "repoptvgg_$1_$2"),
        (@"RepOpt-VGG-(A0|B1|B2|L1|L2)", "repoptvgg_$1_target"),
        (@"(?i:RepOpt-?GhostNet.*)-(hs|target)", "repoptghostnet_0_5x_$1"),
        (@"(?i:RepOpt-?GhostNet.*)-rep", "repoptghostnet_0_5x_rep"));

    internal override void Translate(Translation translation)
    {
        var top = new ForeignSection(translation, "", translation.Tree.Root, RepVggKeys.Top);
        var model = top.Below("MODEL", RepVggKeys.Model);
        var isRepOpt = model["ARCH"].Text.StartsWith("RepOpt", StringComparison.Ordinal);
        var data = top.Below("DATA", RepVggKeys.Data);
        var row = Models.Translate(translation, model["ARCH"]);
        if (model["RESUME"].Text.Length == 0) translation.Idle(model["RESUME"], "a run begins");
        else translation.Cannot(model["RESUME"], ForeignRuns.GoesOn);
        translation.Set(model["LABEL_SMOOTHING"], "loss.label_smoothing", model["LABEL_SMOOTHING"].Number);
        RepVggImages.Translate(translation, data, top.Below("AUG", RepVggKeys.Augment(isRepOpt ? 0 : 0.2)), top.Below("TEST", RepVggKeys.Test));
        var train = top.Below("TRAIN", RepVggKeys.Train);
        var batch = data["BATCH_SIZE"];
        var images = Batches.PerCard(translation, batch, train["ACCUMULATION_STEPS"]);
        RepVggOptimizer.Translate(translation, train, row, images, RuleBatch);
        Course(translation, train, top);
        foreach (var section in new[] { top, model, data, train }) section.Rest("it is not read beside the other values of this file");
    }

    private static void Course(Translation translation, ForeignSection train, ForeignSection top)
    {
        translation.Set(train["EPOCHS"], "train.epochs", train["EPOCHS"].Whole);
        if (train["CLIP_GRAD"].Number > 0) translation.Set(train["CLIP_GRAD"], "train.clip_gradient_norm", train["CLIP_GRAD"].Number);
        else translation.Idle(train["CLIP_GRAD"], "nothing is clipped");
        translation.Set(train["USE_CHECKPOINT"], "train.gradient_checkpointing", train["USE_CHECKPOINT"].Flag);
        translation.Set(top["SAVE_FREQ"], "train.validate_every", top["SAVE_FREQ"].Whole, "there in each of the last 10 epochs, too");
        translation.Set(top["PRINT_FREQ"], "train.log_every", top["PRINT_FREQ"].Whole);
        translation.Set(top["SEED"], "train.seed", top["SEED"].Whole);
    }
}
