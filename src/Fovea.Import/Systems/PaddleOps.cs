using Fovea.Import.Foreign;
using Fovea.Naming;
using Fovea.Recipes;

namespace Fovea.Import.Systems;

/// <summary>PaddleClas's operators on images, one after the other.</summary>
/// <param name="translation">The import.</param>
internal sealed class PaddleOps(Translation translation)
{
    private const double White = 255;
    private static readonly string[] s_norms = ["mean", "std"];

    private ForeignValue? _trained;
    private ForeignValue? _evaluated;
    private ForeignValue? _resized;
    private double _padding;
    private readonly List<double[][]> _norms = [];

    /// <summary>An operator of training images.</summary>
    internal void Train(string path, ForeignValue name, RecipeMap? map)
    {
        switch (name.Text)
        {
            case "RandCropImage": Crop(Section(path, map, PaddleOpTable.Crop)); break;
            case "NormalizeImage": Normalize(Section(path, map, PaddleOpTable.Normalize), isTraining: true); break;
            default: Other(path, name, map); break;
        }

        Alone(path, map);
    }

    /// <summary>An operator of images that are evaluated.</summary>
    internal void Evaluate(string path, ForeignValue name, RecipeMap? map)
    {
        switch (name.Text)
        {
            case "ResizeImage": Resize(Section(path, map, PaddleOpTable.Resize)); break;
            case "CropImage": _evaluated = Size(Section(path, map, PaddleOpTable.Cut)); break;
            case "CropImageAtRatio":
                var cut = Section(path, map, PaddleOpTable.Cut);
                (_evaluated, _padding) = (Size(cut), cut["pad"].Number);
                translation.Same(cut["pad"], "of data.crop_fraction");
                Interpolation(cut["interpolation"]);
                break;
            case "NormalizeImage": Normalize(Section(path, map, PaddleOpTable.Normalize), isTraining: false); break;
            case "DecodeImage" or "ToCHWImage": Other(path, name, map); break;
            default:
                translation.Cannot(name, $"there is no '{name.Text}' in evaluation");
                translation.Rest(path, ImportOutcome.Impossible, $"there is no '{name.Text}' in evaluation");
                break;
        }

        Alone(path, map);
    }

    /// <summary>What the sizes of both come to: the input has that of evaluation, and training images may have another.</summary>
    internal void Sizes()
    {
        if ((_evaluated ?? _resized ?? _trained) is not { } size) return;
        var side = (int)size.Number;
        translation.Set(size, "data.image_size", side);
        if (_padding > 0) translation.Set(size, "data.crop_fraction", Math.Round(side / (side + _padding), 9), $"{side} / ({side} + {_padding})");
        else if (_evaluated is not null && _resized is { } shorter && shorter.Number > 0) Crop(shorter, side);
        if (_trained is { } trained && (int)trained.Number != side && !translation.Draft.Has("data.progressive"))
        {
            translation.Set(trained, "data.progressive[0].until", 1.0);
            translation.Set(trained, "data.progressive[0].image_size", (int)trained.Number, $"training images; evaluation has {side}");
        }
        else if (_trained is not null && _trained != size) translation.Same(_trained, $"data.image_size={side}");
    }

    private void Crop(ForeignValue shorter, int side)
    {
        var fraction = side / shorter.Number;
        if (fraction <= 1) translation.Set(shorter, "data.crop_fraction", Math.Round(fraction, 9), $"{side} / {Translation.Figure(shorter.Number)}");
        else
        {
            translation.Draft.Set("data.crop_fraction", 1.0, shorter.Place);
            translation.Cannot(shorter, $"an image of {Translation.Figure(shorter.Number)} pixels has no middle of {side}; data.crop_fraction=1");
        }
    }

    private ForeignSection Section(string path, RecipeMap? map, IReadOnlyList<ForeignKey> keys) => new(translation, path, map, keys);

    private static ForeignValue Size(ForeignSection section) =>
        section["size"] with { Value = section["size"].Numbers.Count > 0 ? section["size"].Numbers[0] : 224.0 };

    private void Crop(ForeignSection crop)
    {
        _trained = Size(crop);
        var item = translation.Draft.Add("augment.transforms", "random_resized_crop", crop["size"].IsGiven ? crop["size"].Place : translation.Tree.File);
        translation.Same(crop["size"], $"{item}.kind=random_resized_crop");
        if (crop["scale"].Numbers is [var small, var large])
        {
            translation.Set(crop["scale"], $"{item}.min_scale", small);
            translation.Set(crop["scale"], $"{item}.max_scale", large);
        }

        if (crop["ratio"].Numbers is [var narrow, var wide])
        {
            translation.Set(crop["ratio"], $"{item}.min_ratio", Math.Round(narrow, 9));
            translation.Set(crop["ratio"], $"{item}.max_ratio", Math.Round(wide, 9));
        }

        Interpolation(crop["interpolation"]);
        Progressive(crop["progress_size"]);
        crop.Rest("how the proportions are drawn, or which library resizes");
    }

    /// <summary>The sizes of equal parts of a run.</summary>
    private void Progressive(ForeignValue sizes)
    {
        foreach (var (i, size) in sizes.Numbers.Index())
        {
            translation.Draft.Set($"data.progressive[{i}].until", Math.Round((i + 1.0) / sizes.Numbers.Count, 9), sizes.Place);
            translation.Draft.Set($"data.progressive[{i}].image_size", (int)size, sizes.Place);
        }

        if (sizes.Numbers.Count > 0) translation.Same(sizes, string.Join("; ", sizes.Numbers.Select((size, i) => $"data.progressive[{i}].image_size={(int)size}")));
    }

    private void Interpolation(ForeignValue value)
    {
        if (value.IsNull) return;
        var kind = value.Text.ToLowerInvariant() switch
        {
            "bicubic" or "2" => "bicubic",
            "bilinear" or "1" => "bilinear",
            "nearest" or "0" => "nearest",
            "lanczos" => "lanczos",
            "box" or "area" => "box",
            _ => null,
        };
        if (kind is not null) translation.Set(value, "data.interpolation", kind);
        else
            translation.Cannot(
                value, $"there is no interpolation '{Printable.Line(value.Text, 60)}'; wanted nearest, bilinear, bicubic, box or lanczos");
    }

    private void Resize(ForeignSection resize)
    {
        if (resize["resize_short"].IsGiven) _resized = resize["resize_short"];
        else if (resize["size"].IsGiven)
        {
            _resized = Size(resize);
            translation.Set(resize["size"], "data.fit", "stretch");
        }

        Interpolation(resize["interpolation"]);
        resize.Rest("which library resizes");
    }

    /// <summary>Mean and deviation of colours that a scale has brought to shares of white.</summary>
    /// <summary>Images are normalised once, and alike in training and evaluation.</summary>
    private void Normalize(ForeignSection norm, bool isTraining)
    {
        var white = norm["scale"].Number * White;
        if (!(white > 0)) translation.Problem(norm["scale"].Place, $"{norm["scale"].Path} is {Translation.Figure(norm["scale"].Number)}; wanted a number above 0");
        // 0.00392157 is 1/255 in short.
        if (Math.Abs(white - 1) < 1e-3) white = 1;
        double[][] numbers = [.. s_norms.Select(key => norm[key].Numbers.Take(3).Select(one => Math.Round(one / white, 9)).ToArray())];
        var other = _norms.FirstOrDefault(before => !before[0].SequenceEqual(numbers[0]) || !before[1].SequenceEqual(numbers[1]));
        _norms.Add(numbers);
        if (other is not null)
        {
            var what = $"it differs from the other NormalizeImage, and images are normalised once, alike in training and evaluation; {(isTraining ? "wanted one for both" : "this one is taken")}";
            translation.Cannot(norm["scale"], what);
            foreach (var key in s_norms)
                if (isTraining) translation.Cannot(norm[key], what);
        }
        else
        {
            translation.Same(norm["scale"], white == 1 ? "to shares of white" : $"mean and std are of {Translation.Figure(1 / norm["scale"].Number)} for white");
        }

        if (other is null || !isTraining)
            foreach (var (i, key) in s_norms.Index()) translation.Set(norm[key], $"data.{key}", numbers[i]);
        norm.Rest("the order of axes, or a fourth channel of zeros, for the speed of GPUs");
    }

    private void Other(string path, ForeignValue name, RecipeMap? map)
    {
        if (!PaddleOpTable.All.TryGetValue(name.Text, out var op))
        {
            translation.Refuse(name, $"there is no operator '{name.Text}' on images");
            translation.Rest(path, ImportOutcome.Impossible, "of an operator that is not here");
            return;
        }

        var section = Section(path, map, op.Keys);
        op.Translate(translation, section, map is null ? name : new(name.Key, path, name.Place, name.Value));
        section.Rest($"{name.Text} does not read it beside the others");
    }

    /// <summary>An operator without arguments is a key itself.</summary>
    private void Alone(string path, RecipeMap? map)
    {
        if (map is null) translation.Rest(path, ImportOutcome.Translated, "with its defaults");
    }
}
