using Fovea.Import.Foreign;
using Fovea.Models.Building;

namespace Fovea.Import.Systems;

/// <summary>MindCV's model and loss.</summary>
internal static class MindCvModel
{
    internal static void Translate(Translation translation, ForeignSection file, ModelRow? model)
    {
        Rate(translation, file["drop_rate"], "model.drop_rate");
        Rate(translation, file["drop_path_rate"], "model.drop_path_rate");
        Weights(translation, file);
        Loss(translation, file, model);
    }

    private static void Rate(Translation translation, ForeignValue rate, string path)
    {
        if (rate.IsNull) translation.Same(rate, "the model's own");
        else translation.Set(rate, path, rate.Number);
    }

    private static void Weights(Translation translation, ForeignSection file)
    {
        if (file["pretrained"].Flag) translation.Set(file["pretrained"], "model.pretrained", "default", "Fovea's published weights of the model");
        else translation.Idle(file["pretrained"], "no published weights");
        if (file["ckpt_path"].Text.Length > 0) translation.Set(file["ckpt_path"], "model.weights", file["ckpt_path"].Text);
        else translation.Idle(file["ckpt_path"], "no weights to start from");
    }

    private static void Loss(Translation translation, ForeignSection file, ModelRow? model)
    {
        var kind = file["loss"].Text.ToLowerInvariant() switch { "ce" => "cross_entropy", "bce" => "bce", "asl_single_label" => "asymmetric", _ => null };
        if (kind is null)
        {
            translation.Refuse(file["loss"], $"there is no loss '{file["loss"].Text}' of MindCV for images of one class each");
            return;
        }

        translation.Set(file["loss"], "loss.kind", kind);
        translation.Set(file["label_smoothing"], "loss.label_smoothing", file["label_smoothing"].Number);
        if (file["reduction"].Text == "mean") translation.Same(file["reduction"], "the mean of a batch");
        else translation.Cannot(file["reduction"], $"losses are means of a batch, not '{file["reduction"].Text}'");
        // A factor of 0 is what models without side heads have; those with some take it as it is.
        if (model is not null) translation.Set(file["aux_factor"], "loss.auxiliary_weight", file["aux_factor"].Number);
    }
}
