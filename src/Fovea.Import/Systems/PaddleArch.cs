using Fovea.Import.Foreign;
using Fovea.Models.Building;

namespace Fovea.Import.Systems;

/// <summary>PaddleClas's model.</summary>
internal static class PaddleArch
{
    private const string Distillation = "DistillationModel";

    /// <summary>Where a model does not say otherwise, dropout and drop-path are its own.</summary>
    private static readonly string[] s_dropouts = ["drop_rate", "dropout", "classifier_dropout", "dropout_prob"];

    internal static ModelRow? Translate(Translation translation, ForeignSection arch)
    {
        if (arch["name"].Text == Distillation)
        {
            Distilled(translation, arch);
            return null;
        }

        var model = PaddleModels.Names.Translate(translation, arch["name"]);
        Weights(translation, arch);
        foreach (var key in s_dropouts.Where(key => !arch[key].IsNull))
            if (key == "drop_rate" || key == "classifier_dropout") translation.Set(arch[key], "model.drop_rate", arch[key].Number);
            else if (arch[key].Number == 0) translation.Same(arch[key], "no dropout");
            else translation.Cannot(arch[key], "the rate of dropout inside the blocks is fixed");
        if (!arch["drop_path_rate"].IsNull) translation.Set(arch["drop_path_rate"], "model.drop_path_rate", arch["drop_path_rate"].Number);
        Fixed(translation, arch["layer_scale_init_value"], arch["layer_scale_init_value"].Number == 1e-6);
        Fixed(translation, arch["head_init_scale"], arch["head_init_scale"].Number == 1);
        Fixed(translation, arch["use_first_short_conv"], arch["use_first_short_conv"].Flag);
        if (arch["padding_type"].IsGiven) translation.Same(arch["padding_type"], "as it is in the model");
        Overridden(translation, arch.Below("override_params", PaddleKeys.Overrides));
        Unusual(translation, arch);
        arch.Rest("PaddleClas does not read it for this model");
        return model;
    }

    private static void Fixed(Translation translation, ForeignValue value, bool isSo)
    {
        if (isSo) translation.Idle(value, "as it is in the model");
        else translation.Cannot(value, "it is fixed in the model");
    }

    private static void Overridden(Translation translation, ForeignSection overrides)
    {
        if (!overrides.IsGiven) return;
        translation.Set(overrides["drop_connect_rate"], "model.drop_path_rate", overrides["drop_connect_rate"].Number);
        foreach (var key in new[] { "batch_norm_momentum", "batch_norm_epsilon" })
            if (overrides[key].IsGiven) Fixed(translation, overrides[key], overrides[key].Number.Equals(overrides[key].Key.Default));
        if (overrides["dropout_rate"].IsGiven) translation.Set(overrides["dropout_rate"], "model.drop_rate", overrides["dropout_rate"].Number);
    }

    private static void Unusual(Translation translation, ForeignSection arch)
    {
        if (arch["use_sync_bn"].Flag) translation.Cannot(arch["use_sync_bn"], "norms take the statistics of one batch; --cards makes an update of several");
        if (!arch["layer_type"].IsNull) translation.Refuse(arch["layer_type"], $"the catalogue has no model with blocks of {arch["layer_type"].Text}");
        if (!arch["lr_mult_list"].IsNull) translation.Cannot(arch["lr_mult_list"], "stages have no rates of their own; optimizer.layer_decay is near it");
        if (!arch["stop_grad_layers"].IsNull) translation.Cannot(arch["stop_grad_layers"], "wanted freeze.names, the parts that do not train");
    }

    /// <summary>Weights that PaddleClas publishes are its own; a file is taken as it is.</summary>
    private static void Weights(Translation translation, ForeignSection arch)
    {
        var weights = arch["pretrained"];
        var isTruth = bool.TryParse(weights.Text, out var truth);
        if (weights.Text.Length == 0 || (isTruth && !truth)) translation.Idle(weights, "no weights to start from");
        else if (isTruth)
        {
            translation.Cannot(weights, "PaddleClas's published weights are not fetched; wanted --pretrained for Fovea's, or --weights FILE");
            if (arch["use_ssld"].Flag) translation.Cannot(arch["use_ssld"], "of the published weights");
        }
        else translation.Set(weights, "model.weights", weights.Text);
    }

    private static void Distilled(Translation translation, ForeignSection arch)
    {
        translation.Refuse(
            arch["name"],
            "distillation from weights that PaddleClas publishes, which are not fetched; wanted the student's configuration, with loss kd, ssld or dist and a "
                + "teacher");
        translation.Rest(arch.Path, ImportOutcome.Impossible, "of the distillation");
        translation.Rest("Loss.Train", ImportOutcome.Impossible, "of the distillation");
    }
}
