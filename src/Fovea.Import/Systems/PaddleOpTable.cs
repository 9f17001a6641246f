using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>PaddleClas's operators on images by their names, with their arguments.</summary>
internal static class PaddleOpTable
{
    private const string Transforms = "augment.transforms";
    private const double Input = 224;

    /// <summary>An operator.</summary>
    /// <param name="Keys">Its arguments.</param>
    /// <param name="Translate">What it is here; the last is the operator itself, which is a key where it has no arguments.</param>
    internal sealed record Op(IReadOnlyList<ForeignKey> Keys, Action<Translation, ForeignSection, ForeignValue> Translate);

    private static readonly ForeignKey[] s_layers =
        [ForeignKey.Whole("num_layers", 2), ForeignKey.Number("magnitude"), ForeignKey.Numbers("progress_magnitude"), ForeignKey.Text("interpolation")];

    private static readonly Op s_layered = new(s_layers, RandAugment);

    private static readonly Op s_nothing = new(
        [ForeignKey.Flag("to_rgb", true), ForeignKey.Flag("to_np", true), ForeignKey.Flag("channel_first"), ForeignKey.Text("backend")], Decode);

    internal static IReadOnlyList<ForeignKey> Crop { get; } =
    [
        ForeignKey.Numbers("size", Input), ForeignKey.Numbers("scale", 0.08, 1), ForeignKey.Numbers("ratio", 3.0 / 4, 4.0 / 3),
        ForeignKey.Text("interpolation"), ForeignKey.Numbers("progress_size"), ForeignKey.Text("backend"), ForeignKey.Flag("use_log_aspect"),
    ];

    internal static IReadOnlyList<ForeignKey> Normalize { get; } =
    [
        ForeignKey.Number("scale", 1.0 / 255), ForeignKey.Numbers("mean", 0.485, 0.456, 0.406), ForeignKey.Numbers("std", 0.229, 0.224, 0.225),
        ForeignKey.Text("order"), ForeignKey.Whole("channel_num", 3), ForeignKey.Flag("output_fp16"),
    ];

    internal static IReadOnlyList<ForeignKey> Resize { get; } =
        [
            ForeignKey.Number("resize_short"), ForeignKey.Numbers("size"), ForeignKey.Text("interpolation"), ForeignKey.Text("backend"),
            ForeignKey.Flag("return_numpy", true),
        ];

    internal static IReadOnlyList<ForeignKey> Cut { get; } = [ForeignKey.Numbers("size", Input), ForeignKey.Number("pad", 0), ForeignKey.Text("interpolation")];

    internal static IReadOnlyDictionary<string, Op> All { get; } = new Dictionary<string, Op>
    {
        ["DecodeImage"] = s_nothing,
        ["ToCHWImage"] = s_nothing,
        ["RandFlipImage"] = new([ForeignKey.Whole("flip_code", 1)], Flip),
        ["AutoAugment"] = new([], (to, _, op) => Add(to, op, "auto_augment")),
        ["RandAugment"] = s_layered,
        ["RandAugmentV2"] = s_layered,
        ["RandAugmentV3"] = s_layered,
        ["TimmAutoAugment"] = new(
            [
                ForeignKey.Text("config_str"), ForeignKey.Text("interpolation"), ForeignKey.Whole("img_size"), ForeignKey.Numbers("mean"),
                ForeignKey.Number("prob", 1),
            ], Timm),
        ["ColorJitter"] = new(
            [
                ForeignKey.Number("brightness", 0), ForeignKey.Number("contrast", 0), ForeignKey.Number("saturation", 0), ForeignKey.Number("hue", 0),
                ForeignKey.Number("prob", 1),
            ], Jitter),
        ["PCALighting"] = new([], (to, _, op) => Add(to, op, "lighting")),
        ["HideAndSeek"] = new([], (to, _, op) => Add(to, op, "hide_and_seek")),
        ["GridMask"] = new(
            [
                ForeignKey.Number("d1", 96), ForeignKey.Number("d2", Input), ForeignKey.Number("rotate", 1), ForeignKey.Number("ratio", 0.5),
                ForeignKey.Whole("mode", 0), ForeignKey.Number("prob", 1),
            ], GridMask),
        ["Cutout"] = new([ForeignKey.Whole("n_holes", 1), ForeignKey.Whole("length", 112)], Cutout),
        ["RandomErasing"] = new(
            [
                ForeignKey.Number("EPSILON", 0.5), ForeignKey.Number("sl", 0.02), ForeignKey.Number("sh", 0.4), ForeignKey.Number("r1", 0.3),
                ForeignKey.Text("mode", "const"), ForeignKey.Whole("attempt", 100), ForeignKey.Flag("use_log_aspect"), ForeignKey.Numbers("mean"),
            ], Erasing),
    };

    /// <summary>An item because of an operator; of one without arguments the operator is the key.</summary>
    private static string Add(Translation translation, ForeignValue op, string kind)
    {
        var item = translation.Draft.Add(Transforms, kind, op.Place);
        translation.Same(op, $"{item}.kind={kind}");
        return item;
    }

    private static void Decode(Translation translation, ForeignSection keys, ForeignValue op)
    {
        if (!keys.IsGiven) translation.Idle(op, "images come as the model takes them");
        if (keys["to_rgb"].Flag) translation.Same(keys["to_rgb"], "colours are red, green, blue");
        else translation.Cannot(keys["to_rgb"], "colours are red, green, blue; PaddleClas leaves them blue first");
        keys.Rest("how an image lies in memory, or which library decodes");
    }

    private static void Flip(Translation translation, ForeignSection keys, ForeignValue op)
    {
        var code = keys["flip_code"];
        if (code.Whole is 1 or 0) translation.Add(code, Transforms, code.Whole == 1 ? "horizontal_flip" : "vertical_flip");
        else translation.Cannot(code, "images are not mirrored both ways at once; wanted horizontal_flip and vertical_flip");
    }

    private static void RandAugment(Translation translation, ForeignSection keys, ForeignValue op)
    {
        var (layers, magnitude) = (keys["num_layers"], keys["magnitude"]);
        // The third has 3 by default, the others 5.
        var level = magnitude.IsNull ? op.Text == "RandAugmentV3" ? 3 : 5 : magnitude.Number;
        var item = Add(translation, op, "rand_augment");
        var config = $"rand-m{Translation.Figure(level)}-n{layers.Whole}";
        translation.Set(layers, $"{item}.config", config, "of 10");
        if (magnitude.IsGiven) translation.Same(magnitude, $"{item}.config={config}");
        if (keys["progress_magnitude"].IsGiven) translation.Cannot(keys["progress_magnitude"], "the magnitude does not grow with the epochs");
    }

    private static void Timm(Translation translation, ForeignSection keys, ForeignValue op)
    {
        var config = keys["config_str"];
        if (config.Text.Length == 0) translation.Idle(config, "none");
        else TimmRules.Policy(translation, config);
        keys.Rest("the size, mean and interpolation are those of the data");
    }

    private static void Jitter(Translation translation, ForeignSection keys, ForeignValue op)
    {
        var item = translation.Draft.Add(Transforms, "color_jitter", op.Place);
        foreach (var key in new[] { "brightness", "contrast", "saturation", "hue" }) translation.Set(keys[key], $"{item}.{key}", keys[key].Number);
        if (keys["prob"].IsGiven) translation.Set(keys["prob"], $"{item}.probability", Math.Min(1, keys["prob"].Number));
    }

    private static void GridMask(Translation translation, ForeignSection keys, ForeignValue op)
    {
        var item = translation.Draft.Add(Transforms, "grid_mask", op.Place);
        translation.Set(keys["d1"], $"{item}.min_period", Math.Round(keys["d1"].Number / Input, 9), $"of {Input}");
        translation.Set(keys["d2"], $"{item}.max_period", Math.Min(1, Math.Round(keys["d2"].Number / Input, 9)), $"of {Input}");
        translation.Set(keys["ratio"], $"{item}.ratio", keys["ratio"].Number);
        translation.Set(keys["prob"], $"{item}.probability", keys["prob"].Number, "from the first epoch on; there it grows with the epochs");
        if (keys["rotate"].Number > 1) translation.Cannot(keys["rotate"], "the grid is not turned");
        if (keys["mode"].Whole != 0) translation.Cannot(keys["mode"], "the grid's squares are erased, not what lies between them");
    }

    private static void Cutout(Translation translation, ForeignSection keys, ForeignValue op)
    {
        var item = translation.Draft.Add(Transforms, "cutout", op.Place);
        translation.Set(keys["n_holes"], $"{item}.holes", keys["n_holes"].Whole);
        translation.Set(keys["length"], $"{item}.length", keys["length"].Whole);
    }

    private static void Erasing(Translation translation, ForeignSection keys, ForeignValue op)
    {
        var item = translation.Draft.Add(Transforms, "random_erasing", op.Place);
        translation.Set(keys["EPSILON"], $"{item}.probability", keys["EPSILON"].Number);
        translation.Set(keys["sl"], $"{item}.min_area", keys["sl"].Number);
        translation.Set(keys["sh"], $"{item}.max_area", Math.Round(keys["sh"].Number, 9));
        translation.Set(keys["r1"], $"{item}.min_ratio", keys["r1"].Number);
        TimmRules.Fill(translation, keys["mode"], $"{item}.fill");
        keys.Rest("how often a place is looked for, and how its proportions are drawn");
    }
}
