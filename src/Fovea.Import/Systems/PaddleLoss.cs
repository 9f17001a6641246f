using Fovea.Import.Foreign;
using Fovea.Naming;

namespace Fovea.Import.Systems;

/// <summary>PaddleClas's loss: one of a list that has one item for classification.</summary>
internal static class PaddleLoss
{
    private static readonly IReadOnlyList<ForeignKey> s_keys =
        [ForeignKey.Number("weight", 1), ForeignKey.Number("epsilon"), ForeignKey.Text("reduction", "mean")];

    internal static void Translate(Translation translation, ForeignSection loss)
    {
        translation.Draft.Set("loss.kind", "cross_entropy", translation.Tree.File);
        foreach (var (i, (path, name, map)) in loss.Items("Train").ToList().Index())
        {
            if (name.Text is not ("CELoss" or "MixCELoss" or "GoogLeNetLoss") || i > 0)
            {
                if (translation.Refusals.Count == 0) Refuse(translation, path, name);
                translation.Rest(path, ImportOutcome.Impossible, "of a loss that is not here");
                continue;
            }

            One(translation, new ForeignSection(translation, path, map, s_keys), name.Text == "GoogLeNetLoss");
            if (map is null) translation.Rest(path, ImportOutcome.Translated, "loss.kind=cross_entropy");
        }
    }

    private static void One(Translation translation, ForeignSection loss, bool hasSideHeads)
    {
        if (loss["weight"].Number == 1) translation.Same(loss["weight"], "the loss alone");
        else translation.Cannot(loss["weight"], "a loss is taken as it is; wanted the learning rate times it");
        if (loss["epsilon"].Number is > 0 and < 1) translation.Set(loss["epsilon"], "loss.label_smoothing", loss["epsilon"].Number);
        else translation.Idle(loss["epsilon"], "no smoothing");
        if (loss["reduction"].Text == "mean") translation.Same(loss["reduction"], "the mean of a batch");
        else translation.Cannot(loss["reduction"], $"losses are means of a batch, not '{Printable.Line(loss["reduction"].Text, 60)}'");
        if (hasSideHeads) translation.Always("loss.auxiliary_weight", 0.3, "of GoogLeNetLoss");
    }

    /// <summary>A loss that stands alone under a path without keys is a key itself.</summary>
    private static void Refuse(Translation translation, string path, ForeignValue name)
    {
        var first = translation.FirstBelow(path);
        translation.Refuse(
            first is null ? name : new(name.Key, first.Path, first.Place, name.Value), $"there is no loss '{name.Text}' for images of one class each");
    }
}
