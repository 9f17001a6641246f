using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>How MindCV's images become the input of a model.</summary>
internal static class MindCvImages
{
    /// <summary>MindSpore's names of the ways to resize, in capitals.</summary>
    private static readonly IReadOnlyDictionary<string, string> s_ways = new Dictionary<string, string>
    {
        ["NEAREST"] = "nearest", ["AREA"] = "box", ["BILINEAR"] = "bilinear", ["LINEAR"] = "bilinear", ["BICUBIC"] = "bicubic", ["CUBIC"] = "bicubic",
        ["PILCUBIC"] = "bicubic",
    };

    /// <summary>Its scale of colours.</summary>
    private const double White = 255;

    internal static void Translate(Translation translation, ForeignSection file)
    {
        Size(translation, file["image_resize"]);
        if (MindCvAugment.PresetOf(file) is { } preset)
        {
            translation.Same(
                file["dataset"], $"the images are those of --data; the normalisation and the augmentation are MindCV's for {file["dataset"].Text}");
            translation.Always("data.mean", preset.Mean, $"MindCV's for {file["dataset"].Text}");
            translation.Always("data.std", preset.Std, $"MindCV's for {file["dataset"].Text}");
            return;
        }

        translation.Idle(file["dataset"], "the images are those of --data");
        Colours(translation, file["mean"], "data.mean");
        Colours(translation, file["std"], "data.std");
        Interpolation(translation, file["interpolation"]);
        var crop = file["crop_pct"];
        if (crop.Number <= 1) translation.Set(crop, "data.crop_fraction", crop.Number);
        else
        {
            translation.Set(crop, "data.crop_fraction", 1.0);
            translation.Cannot(crop, "MindCV pads a smaller image with black to the input; here the whole image is resized to it");
        }
    }

    private static void Size(Translation translation, ForeignValue size)
    {
        if (size.Numbers is [var one] || (size.Numbers is [var high, var wide] && high == wide && (one = high) == high))
            translation.Set(size, "data.image_size", (int)one);
        else translation.Cannot(size, "images are square");
    }

    private static void Colours(Translation translation, ForeignValue colours, string path) =>
        translation.Set(colours, path, colours.Numbers.Select(one => Math.Round(one / White, 9)).ToArray(), colours.IsGiven ? "of 255" : "");

    private static void Interpolation(Translation translation, ForeignValue value)
    {
        if (s_ways.TryGetValue(value.Text.ToUpperInvariant(), out var kind)) translation.Set(value, "data.interpolation", kind);
        else translation.Wrong(value, $"one of {string.Join(", ", s_ways.Keys).ToLowerInvariant()}");
    }
}
