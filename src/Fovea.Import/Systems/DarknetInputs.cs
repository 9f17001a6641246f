using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>How Darknet makes inputs of images (<c>load_data_augment</c>): each by chance, then half of the batches mixed.</summary>
internal static class DarknetInputs
{
    private const int HalvesMixed = 1;
    private const int CutMixed = 2;
    private const int Mosaics = 3;
    private const int CutMixedOrMosaics = 4;
    private const double MixedShare = 0.5;
    private const double BlurredShare = 0.25;
    private const int UsualBlur = 15;

    internal static void Translate(Translation translation, ForeignSection net)
    {
        foreach (var key in new[] { "width", "height", "channels", "inputs" }) translation.Same(net[key], "the input of the model");
        Cut(translation, net);
        if (net["flip"].Flag) translation.Add(net["flip"], "augment.transforms", "horizontal_flip");
        else translation.Idle(net["flip"], "images are not mirrored");
        Colours(translation, net);
        Blur(translation, net);
        Mix(translation, net);
    }

    private static void Cut(Translation translation, ForeignSection net)
    {
        var path = translation.Add(net["min_crop"], "augment.transforms", "darknet_crop");
        var width = net["width"].Whole;
        translation.Set(net["min_crop"], $"{path}.min_crop", net["min_crop"].IsNull ? width : net["min_crop"].Whole);
        translation.Set(net["max_crop"], $"{path}.max_crop", net["max_crop"].IsNull ? 2 * width : net["max_crop"].Whole);
        translation.Set(net["aspect"], $"{path}.aspect", Factor(net["aspect"]), "a factor, or one over it");
        translation.Set(net["angle"], $"{path}.angle", net["angle"].Number);
    }

    private static void Colours(Translation translation, ForeignSection net)
    {
        string[] keys = ["hue", "saturation", "exposure"];
        if (net["hue"].Number == 0 && Factor(net["saturation"]) == 1 && Factor(net["exposure"]) == 1)
        {
            foreach (var key in keys) translation.Idle(net[key], "colours stay as they are");
            return;
        }

        var path = translation.Add(net["hue"], "augment.transforms", "hsv_jitter");
        translation.Set(net["hue"], $"{path}.hue", net["hue"].Number);
        translation.Set(net["saturation"], $"{path}.saturation", Factor(net["saturation"]));
        translation.Set(net["exposure"], $"{path}.exposure", Factor(net["exposure"]));
    }

    /// <summary>Darknet draws from 1 to the factor and takes one over it half of the time: 0.75 is 4/3.</summary>
    private static double Factor(ForeignValue value) => value.Number is > 0 and < 1 ? 1 / value.Number : value.Number;

    private static void Blur(Translation translation, ForeignSection net)
    {
        var blur = net["blur"];
        if (blur.Whole == 0)
        {
            translation.Idle(blur, "images are not blurred");
            return;
        }

        // OpenCV's deviation for a kernel of so many pixels.
        var pixels = blur.Whole == 1 ? UsualBlur : blur.Whole;
        var sigma = Math.Max(0.01, Math.Round((0.3 * (((pixels - 1) * 0.5) - 1)) + 0.8, 4));
        var path = translation.Add(
            blur, "augment.transforms", "gaussian_blur", "a quarter of the images, before they are mixed; there a bilateral filter, behind");
        translation.Set(blur, $"{path}.probability", BlurredShare);
        translation.Set(blur, $"{path}.min_sigma", sigma, $"of {pixels} pixels");
        translation.Set(blur, $"{path}.max_sigma", sigma);
    }

    private static void Mix(Translation translation, ForeignSection net)
    {
        var (mixup, cutmix, mosaic) = (net["mixup"], net["cutmix"], net["mosaic"]);
        var kind = (cutmix.Flag, mosaic.Flag) switch
        {
            (true, true) => CutMixedOrMosaics,
            (true, false) => CutMixed,
            (false, true) => Mosaics,
            _ => mixup.Whole,
        };
        var isByKey = cutmix.Flag || mosaic.Flag;
        if (kind == 0 || isByKey) translation.Idle(mixup, kind == 0 ? "images are not mixed" : "cutmix and mosaic say how images are mixed");
        if (!cutmix.Flag) translation.Idle(cutmix, "not by it");
        if (!mosaic.Flag) translation.Idle(mosaic, "not by it");
        if (kind is < 0 or > CutMixedOrMosaics)
        {
            translation.Problem(mixup.Place, $"mixup is {mixup.Whole}; wanted 0 to {CutMixedOrMosaics}");
            return;
        }

        var share = kind == CutMixedOrMosaics ? MixedShare / 2 : MixedShare;
        if (kind == HalvesMixed) translation.Set(mixup, $"{Mixer(mixup, "mixup", share)}.share", 0.5);
        if (kind is CutMixed or CutMixedOrMosaics)
        {
            var path = Mixer(isByKey ? cutmix : mixup, "cutmix", share);
            translation.Always($"{path}.min_side", 0.3, "Darknet's");
            translation.Always($"{path}.max_side", 0.8, "Darknet's");
        }

        if (kind is Mosaics or CutMixedOrMosaics) translation.Always($"{Mixer(isByKey ? mosaic : mixup, "mosaic", share)}.margin", 0.2, "Darknet's");

        string Mixer(ForeignValue from, string name, double probability)
        {
            var path = translation.Add(from, "augment.mixing", name, "half of the images, by image; there half of the batches");
            translation.Set(from, $"{path}.probability", probability);
            translation.Always($"{path}.per_image", true, "each image with others");
            return path;
        }
    }
}
