using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>The images of PaddleClas's training and evaluation: sizes, normalisation, transforms, batches.</summary>
internal static class PaddleImages
{
    private const string Unused = "of a part of the data that training and evaluation do not read";

    internal static void Translate(Translation translation, ForeignSection loaders, ForeignSection global)
    {
        foreach (var part in new[] { "UnLabelTrain", "Gallery", "Query" }) translation.Rest($"DataLoader.{part}", ImportOutcome.Impossible, Unused);
        var train = loaders.Below("Train", PaddleKeys.Part);
        var images = train.Below("dataset", PaddleKeys.DataSet);
        DataSet(translation, images["name"], global);
        Sampler(translation, train.Below("sampler", PaddleKeys.Sampler), global["update_freq"]);
        translation.Draft.Set("augment.transforms", Array.Empty<string>(), translation.Tree.File);
        var seen = new PaddleOps(translation);
        foreach (var (path, name, map) in images.Items("transform_ops")) seen.Train(path, name, map);
        PaddleMixes.Translate(translation, images.Items("batch_transform_ops"));
        var evaluation = loaders.Below("Eval", PaddleKeys.Part);
        var shown = evaluation.Below("dataset", PaddleKeys.DataSet);
        foreach (var (path, name, map) in shown.Items("transform_ops")) seen.Evaluate(path, name, map);
        shown.Rest("where images are, and of which class, is said by --data");
        translation.Rest($"{evaluation.Path}.sampler", ImportOutcome.Meaningless, "evaluations do not depend on how images are batched");
        seen.Sizes();
    }

    private static void DataSet(Translation translation, ForeignValue name, ForeignSection global)
    {
        if (name.Text is "ImageNetDataset" or "MultiScaleDataset" or "CommonDataset" or "Cifar10" or "Cifar100")
            translation.Idle(name, "the images are those of --data");
        else translation.Refuse(name, $"data as {name.Text} has them are of another task than images of one class each");
        var mode = global["train_mode"];
        if (mode.Text is { Length: > 0 } and not "progressive") translation.Refuse(mode, $"there is no training '{mode.Text}'");
        else if (mode.IsGiven) translation.Same(mode, "data.progressive, by RandCropImage.progress_size");
    }

    private static void Sampler(Translation translation, ForeignSection sampler, ForeignValue accumulation)
    {
        var name = sampler["name"];
        switch (name.Text)
        {
            case "MultiScaleSampler":
                translation.Cannot(name, "batches have one image size, the first of its list, not one of several by chance");
                Batches.PerCard(translation, sampler["first_bs"], accumulation);
                translation.Set(sampler["scales"], "data.image_size", (int)sampler["scales"].Numbers.FirstOrDefault(224), "the first");
                foreach (var key in new[] { "divided_factor", "is_training" }) translation.Idle(sampler[key], "of the sizes that are drawn by chance");
                break;
            case "RASampler":
                translation.Set(name, "augment.repeats", sampler["num_repeats"].Whole);
                Batches.PerCard(translation, sampler["batch_size"], accumulation);
                break;
            case "DistributedBatchSampler" or "BatchSampler":
                translation.Same(name, "every image once");
                Batches.PerCard(translation, sampler["batch_size"], accumulation);
                break;
            default:
                translation.Refuse(name, $"there is no sampler '{name.Text}', which is of another task");
                break;
        }

        translation.Set(sampler["drop_last"], "train.drop_last", sampler["drop_last"].Flag);
        if (sampler["shuffle"].Flag || name.Text == "MultiScaleSampler") translation.Same(sampler["shuffle"], "training images are always shuffled");
        else translation.Cannot(sampler["shuffle"], "training images are always shuffled");
        sampler.Rest($"{name.Text} does not read it");
    }
}
