using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>
/// PaddleClas up to release 2.1: sections in capitals, <c>ARCHITECTURE</c>, <c>LEARNING_RATE</c>, <c>OPTIMIZER</c>, <c>TRAIN</c>, <c>VALID</c>.
/// </summary>
/// <remarks>Facts of https://github.com/PaddlePaddle/PaddleClas, release/2.0: ppcls/optimizer, ppcls/data, tools/program.py.</remarks>
internal sealed record PaddleClas20 : ForeignSystem
{
    public override string Name => "PaddleClas 2.0";

    public override string Address => "https://github.com/PaddlePaddle/PaddleClas/tree/release/2.0";

    internal override IReadOnlyList<ForeignKey> Keys => PaddleKeys20.Top;

    public override string ModelKey => "ARCHITECTURE.name";

    public override string BatchKey => "TRAIN.batch_size";

    internal override ModelNames Models => PaddleModels.Names;

    internal override void Translate(Translation translation)
    {
        var top = new ForeignSection(translation, "", translation.Tree.Root, PaddleKeys20.Top);
        var architecture = top.Below("ARCHITECTURE", PaddleKeys20.Architecture);
        Models.Translate(translation, architecture["name"]);
        Parameters(translation, architecture.Below("params", PaddleKeys20.Parameters));
        Loss(translation, top, architecture["name"].Text);
        Images(translation, top);
        PaddleRules20.Optimizer(translation, top.Below("OPTIMIZER", PaddleKeys20.Optimizer));
        PaddleRules20.Schedule(translation, top, top["epochs"].Whole);
        Course(translation, top);
        top.Rest("it is not read beside the other values of this file");
    }

    private static void Parameters(Translation translation, ForeignSection parameters)
    {
        foreach (var (key, what) in new[]
                 {
                     ("lr_mult_list", "stages have no rates of their own; optimizer.layer_decay is near it"),
                     ("stop_grad_layers", "wanted freeze.names, the parts that do not train"),
                 })
            if (parameters[key].IsGiven) translation.Cannot(parameters[key], what);
        if (parameters["padding_type"].IsGiven) translation.Same(parameters["padding_type"], "as it is in the model");
        var overrides = parameters.Below("override_params", PaddleKeys.Overrides);
        var rate = overrides["drop_connect_rate"];
        if (rate.IsGiven) translation.Set(rate, "model.drop_path_rate", rate.Number);
        overrides.Rest("it is fixed in the model");
    }

    private static void Loss(Translation translation, ForeignSection top, string model)
    {
        var teaches = top["use_distillation"];
        if (teaches.Flag) translation.Refuse(teaches, "distillation from weights that PaddleClas publishes, which are not fetched");
        else translation.Idle(teaches, "none");
        translation.Draft.Set("loss.kind", "cross_entropy", translation.Tree.File);
        if (top["ls_epsilon"].Number > 0) translation.Set(top["ls_epsilon"], "loss.label_smoothing", top["ls_epsilon"].Number);
        else translation.Idle(top["ls_epsilon"], "no smoothing");
        if (model == "GoogLeNet") translation.Always("loss.auxiliary_weight", 0.3, "of its side heads");
    }

    private static void Images(Translation translation, ForeignSection top)
    {
        var (train, valid) = (top.Below("TRAIN", PaddleKeys20.Part), top.Below("VALID", PaddleKeys20.Part));
        translation.Draft.Set("augment.transforms", Array.Empty<string>(), translation.Tree.File);
        var seen = new PaddleOps(translation);
        foreach (var (path, name, map) in train.Items("transforms")) seen.Train(path, name, map);
        if (top["use_mix"].Flag) PaddleMixes.Translate(translation, train.Items("mix"));
        else translation.Rest("TRAIN.mix", ImportOutcome.Meaningless, "use_mix is false");
        translation.Same(top["use_mix"], "augment.mixing, by TRAIN.mix");
        foreach (var (path, name, map) in valid.Items("transforms")) seen.Evaluate(path, name, map);
        seen.Sizes();
        if (train.IsGiven) Batches.InTotal(translation, train["batch_size"]);
        valid.Rest("evaluations do not depend on how images are batched");
    }

    private static void Course(Translation translation, ForeignSection top)
    {
        translation.Set(top["epochs"], "train.epochs", top["epochs"].Whole);
        if (top["validate"].Flag)
        {
            translation.Same(top["validate"], "every valid_interval epochs");
            translation.Set(top["valid_interval"], "train.validate_every", top["valid_interval"].Whole);
        }
        else translation.Set(top["validate"], "train.validate_every", 0, "only after the last epoch");

        PaddleWeights.Translate(translation, top["pretrained_model"], top["checkpoints"]);
        if (!top["use_ema"].Flag) return;
        translation.Set(top["use_ema"], "average.kind", "ema");
        translation.Set(top["ema_decay"], "average.decay", top["ema_decay"].Number, "it grows by (1 + t) / (10 + t), as there");
    }
}
