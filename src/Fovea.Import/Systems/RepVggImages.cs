using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>The images of RepVGG and RepOptimizers: CIFAR-100's way, a preset, or timm's transforms.</summary>
internal static class RepVggImages
{
    private const string Transforms = "augment.transforms";
    private const string Cifar = "cf100";

    private static readonly double[] s_mean = [0.5070751592, 0.4865488733, 0.4409178434];
    private static readonly double[] s_std = [0.2673342859, 0.2564384629, 0.2761504713];

    internal static void Translate(Translation translation, ForeignSection data, ForeignSection augment, ForeignSection test)
    {
        translation.Draft.Set(Transforms, Array.Empty<string>(), translation.Tree.File);
        Size(translation, data);
        if (data["DATASET"].Text == Cifar) OfCifar(translation, data, test);
        else
        {
            translation.Idle(data["DATASET"], "the images are those of --data");
            translation.Set(test["CROP"], "data.crop_fraction", test["CROP"].Flag ? 0.875 : 1.0, test["CROP"].Flag ? "224 / 256" : "the whole shorter side");
            Interpolation(translation, data["INTERPOLATION"]);
            Training(translation, augment);
        }

        TimmRules.Mixes(
            translation, augment["MIXUP"], augment["CUTMIX"], augment["CUTMIX_MINMAX"], augment["MIXUP_PROB"], augment["MIXUP_SWITCH_PROB"],
            augment["MIXUP_MODE"]);
        augment.Rest("it is not read beside the other values of AUG");
    }

    private static void Size(Translation translation, ForeignSection data)
    {
        var (trained, tested) = (data["IMG_SIZE"], data["TEST_SIZE"]);
        if (tested.IsNull || tested.Whole == trained.Whole)
        {
            translation.Set(trained, "data.image_size", trained.Whole);
            return;
        }

        translation.Set(tested, "data.image_size", tested.Whole);
        translation.Set(trained, "data.progressive[0].until", 1.0);
        translation.Set(trained, "data.progressive[0].image_size", trained.Whole, "training images");
    }

    private static void OfCifar(Translation translation, ForeignSection data, ForeignSection test)
    {
        translation.Same(data["DATASET"], "the images are those of --data, as CIFAR-100's are treated there");
        translation.Always("data.mean", s_mean, "CIFAR-100's");
        translation.Always("data.std", s_std, "CIFAR-100's");
        translation.Always($"{Transforms}[0].kind", "random_crop", "with 4 pixels of black around");
        translation.Always($"{Transforms}[1].kind", "horizontal_flip", "half of the time");
        translation.Idle(test["CROP"], "CIFAR's images are taken whole");
    }

    private static void Interpolation(Translation translation, ForeignValue value)
    {
        if (value.Text is "bilinear" or "bicubic") translation.Set(value, "data.interpolation", value.Text);
        else translation.Cannot(value, "one interpolation for all images; wanted bilinear or bicubic");
    }

    private static void Training(Translation translation, ForeignSection augment)
    {
        var preset = augment["PRESET"];
        if (preset.IsNull)
        {
            Crop(translation);
            TimmRules.Colours(translation, augment["AUTO_AUGMENT"], augment["COLOR_JITTER"]);
            TimmRules.Erasing(translation, augment["REPROB"], augment["REMODE"], augment["RECOUNT"]);
            return;
        }

        switch (preset.Text.Trim())
        {
            case "raug15":
                Crop(translation);
                var item = translation.Add(preset, Transforms, "rand_augment");
                translation.Set(preset, $"{item}.magnitude", 15);
                break;
            case "weak":
                Crop(translation);
                translation.Same(preset, "random_resized_crop and horizontal_flip alone");
                break;
            case "none": translation.Same(preset, "images as in evaluation"); break;
            default: translation.Problem(preset.Place, $"{preset.Path} is '{preset.Text}'; wanted raug15, weak or none"); break;
        }
    }

    private static void Crop(Translation translation)
    {
        translation.Always($"{Transforms}[0].kind", "random_resized_crop", "of 8 to 100 % of the area");
        translation.Always($"{Transforms}[1].kind", "horizontal_flip", "half of the time");
    }
}
