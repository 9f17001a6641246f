using Fovea.Import.Foreign;
using Fovea.Models.Building;

namespace Fovea.Import.Systems;

/// <summary>The optimisers and schedules of RepVGG and RepOptimizers, whose rates are for 256 images.</summary>
internal static class RepVggOptimizer
{
    /// <summary>The parameters of one axis that decay all the same.</summary>
    private const string Identity = "identity.weight";

    internal static void Translate(Translation translation, ForeignSection train, ModelRow? model, int images, int ruleBatch)
    {
        var optimizer = train.Below("OPTIMIZER", RepVggKeys.Optimizer);
        var name = optimizer["NAME"];
        if (name.Text.ToLowerInvariant() is not ("sgd" or "adam" or "adamw") and var other)
        {
            translation.Problem(name.Place, $"{name.Path} is '{other}'; wanted sgd, adam or adamw");
            return;
        }

        translation.Set(name, "optimizer.kind", name.Text.ToLowerInvariant());
        var rate = train["BASE_LR"];
        translation.Set(
            rate, "optimizer.learning_rate", rate.Number,
            $"real base lr: {Translation.Figure(rate.Number)} · {images} images / {ruleBatch} = {Translation.Figure(rate.Number * images / ruleBatch)}");
        translation.Always("optimizer.linear_rule_batch", ruleBatch, "BASE_LR, WARMUP_LR and MIN_LR are for so many images");
        translation.Set(train["WEIGHT_DECAY"], "optimizer.weight_decay", train["WEIGHT_DECAY"].Number);
        if (name.Text.Equals("sgd", StringComparison.OrdinalIgnoreCase))
        {
            translation.Set(optimizer["MOMENTUM"], "optimizer.momentum", optimizer["MOMENTUM"].Number);
            translation.Always("optimizer.nesterov", true, "its SGD always is");
        }
        else Moments(translation, optimizer);

        optimizer.Rest($"{name.Text} does not read it");
        if (model is { IsFreeForm: false } && model.Build().Variables.Any(value => value.Variable!.Label.EndsWith(Identity, StringComparison.Ordinal)))
            translation.Always("optimizer.also_decay", new[] { $"*{Identity}" }, "they decay there, other parameters of one axis do not");
        Scales(translation, train["SCALES_PATH"], model);
        Schedule(translation, train, images / (double)ruleBatch);
        Average(translation, train, images);
    }

    private static void Moments(Translation translation, ForeignSection optimizer)
    {
        translation.Set(optimizer["EPS"], "optimizer.epsilon", optimizer["EPS"].Number);
        if (TimmRules.Counted(translation, optimizer["BETAS"]) is not [var first, var second]) return;
        translation.Set(optimizer["BETAS"], "optimizer.beta1", first);
        translation.Set(optimizer["BETAS"], "optimizer.beta2", second);
    }

    private static void Scales(Translation translation, ForeignValue scales, ModelRow? model)
    {
        if (scales.Text.Length == 0) translation.Idle(scales, "none");
        else if (model is { IsRepOptTarget: false }) translation.Idle(scales, "only the target of a RepOptimizer is trained with scales");
        else translation.Set(scales, $"{translation.Add(scales, "optimizer.around", "repopt")}.scales", scales.Text);
    }

    /// <summary>The warm-up takes the place of the rule's beginning.</summary>
    private static void Schedule(Translation translation, ForeignSection train, double factor)
    {
        var schedule = train.Below("LR_SCHEDULER", RepVggKeys.Schedule);
        var (name, least) = (schedule["NAME"], train["MIN_LR"]);
        var floor = Scaled(least, factor);
        switch (name.Text)
        {
            case "cosine":
                translation.Set(name, "schedule.kind", "cosine");
                translation.Set(least, "schedule.min_learning_rate", floor.Rate, floor.Note);
                break;
            case "linear":
                translation.Set(name, "schedule.kind", "linear");
                translation.Always("schedule.min_learning_rate", 0.01 * train["BASE_LR"].Number * factor, "a hundredth of the rate");
                break;
            case "step":
                translation.Set(name, "schedule.kind", "step");
                translation.Set(schedule["DECAY_EPOCHS"], "schedule.every", schedule["DECAY_EPOCHS"].Number);
                translation.Set(schedule["DECAY_RATE"], "schedule.gamma", schedule["DECAY_RATE"].Number);
                break;
            default: translation.Problem(name.Place, $"{name.Path} is '{name.Text}'; wanted cosine, linear or step"); break;
        }

        translation.Draft.Set("schedule.counts_warmup", true, translation.Tree.File);
        translation.Set(train["WARMUP_EPOCHS"], "schedule.warmup_epochs", Math.Min(train["WARMUP_EPOCHS"].Number, train["EPOCHS"].Whole));
        if (train["WARMUP_EPOCHS"].Number > 0)
        {
            var start = Scaled(train["WARMUP_LR"], factor);
            translation.Set(train["WARMUP_LR"], "schedule.warmup_learning_rate", start.Rate, start.Note);
        }

        schedule.Rest($"{name.Text} does not read it");
    }

    private static (double Rate, string Note) Scaled(ForeignValue rate, double factor) => (
        rate.Number * factor,
        rate.Number > 0 ? $"{Translation.Figure(rate.Number)} · {Translation.Figure(factor)} = {Translation.Figure(rate.Number * factor)}" : "");

    /// <summary>There every some updates a share of min(1, α·batch/epochs·period) is taken; that of an update has the same effect.</summary>
    private static void Average(Translation translation, ForeignSection train, int images)
    {
        var (alpha, period) = (train["EMA_ALPHA"], Math.Max(1, train["EMA_UPDATE_PERIOD"].Whole));
        if (alpha.Number <= 0)
        {
            translation.Idle(alpha, "no averages");
            return;
        }

        var share = Math.Min(0.999, alpha.Number * images / Math.Max(1, train["EPOCHS"].Whole) * period);
        translation.Set(alpha, "average.kind", "ema");
        translation.Set(
            alpha, "average.decay", Math.Round(Math.Pow(1 - share, 1.0 / period), 9),
            $"(1 − {Translation.Figure(alpha.Number)} · {images} / {train["EPOCHS"].Whole} · {period})^(1/{period}), at every update, "
                + "those of the warm-up, too, where weights are copied there");
        translation.Same(train["EMA_UPDATE_PERIOD"], "of average.decay");
    }
}
