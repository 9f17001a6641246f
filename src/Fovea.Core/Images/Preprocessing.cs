using System.Globalization;

namespace Fovea.Images;

/// <summary>
/// How images become the input of a model: the size, the way to it, and the normalisation. The only description of it: published with the model's
/// row, changed by recipe and flags (<see cref="Resolve"/>), the same in training, evaluation and deployment, kept with every model that is written.
/// </summary>
/// <remarks>
/// An image is decoded to RGB, or to grey for one channel (Pillow: <c>convert("L")</c>), resized (antialiased), cut to the size from its middle
/// where it is larger, and each sample v of 0 to 255 becomes (v/255 − mean)/std.
/// </remarks>
public sealed record Preprocessing
{
    /// <summary>The most rows or columns of an input.</summary>
    public const int LargestSide = 8192;

    /// <summary>The least <see cref="CropFraction"/>.</summary>
    public const double SmallestCropFraction = 0.125;

    private static readonly IReadOnlyList<double> s_imageNetMean = [0.485, 0.456, 0.406];
    private static readonly IReadOnlyList<double> s_imageNetStd = [0.229, 0.224, 0.225];

    /// <summary>Rows of the input, 1 to <see cref="LargestSide"/>. Default 224.</summary>
    public int Height { get; init; } = 224;

    /// <summary>Columns of the input, 1 to <see cref="LargestSide"/>; as many as rows where the fit is a crop. Default 224.</summary>
    public int Width { get; init; } = 224;

    /// <summary>How an image of other proportions becomes one of these. Default crop.</summary>
    public Fit Fit { get; init; } = Fit.Crop;

    /// <summary>
    /// For the fit crop: the input's side as a fraction of <see cref="ShorterSide"/>, <see cref="SmallestCropFraction"/> to 1. Default 0.875.
    /// </summary>
    public double CropFraction { get; init; } = 0.875;

    /// <summary>How pixels are weighted when images are resized. Default bilinear.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    /// <summary>Subtracted from each channel, which is a fraction of white: 0 to 1, one number for grey, three for RGB. Default ImageNet's.</summary>
    public IReadOnlyList<double> Mean { get; init; } = s_imageNetMean;

    /// <summary>Divides each channel after that: 0.001 to 2, as many as means. Default ImageNet's.</summary>
    public IReadOnlyList<double> Std { get; init; } = s_imageNetStd;

    /// <summary>Channels of the input: 1 (grey) or 3 (red, green, blue).</summary>
    public int Channels => Mean.Count;

    /// <summary>For the fit crop: what the shorter side is resized to before the middle is cut out, ⌊side / <see cref="CropFraction"/>⌋.</summary>
    /// <remarks>timm: <c>int(math.floor(img_size / crop_pct))</c>; torchvision's <c>resize_size</c>.</remarks>
    public int ShorterSide => (int)(Math.Min(Height, Width) / CropFraction);

    /// <summary>This with what is chosen, the last word last: of a model's row, first what the recipe says, then what the flags say.</summary>
    /// <param name="choices">What is said, in order.</param>
    /// <exception cref="PreprocessingException">A value is out of range, or there are not as many means or deviations as channels.</exception>
    public Preprocessing Resolve(params ReadOnlySpan<PreprocessingChoice> choices)
    {
        var result = this;
        foreach (var choice in choices)
        {
            foreach (var problem in choice.Problems()) throw new PreprocessingException(problem);
            WantChannels("mean", choice.Mean);
            WantChannels("std", choice.Std);
            result = result with
            {
                Height = choice.ImageSize ?? result.Height,
                Width = choice.ImageSize ?? result.Width,
                Fit = choice.Fit ?? result.Fit,
                CropFraction = choice.CropFraction ?? result.CropFraction,
                Interpolation = choice.Interpolation ?? result.Interpolation,
                Mean = choice.Mean ?? result.Mean,
                Std = choice.Std ?? result.Std,
            };
        }

        result.Validate();
        return result;
    }

    /// <summary>Throws unless every value is in range and they fit each other.</summary>
    /// <exception cref="PreprocessingException">A value is out of range; the message names it, and what was wanted.</exception>
    public void Validate()
    {
        var sides = new[] { PreprocessingChoice.OfSide("height", Height), PreprocessingChoice.OfSide("width", Width) }.OfType<PreprocessingProblem>();
        var all = new PreprocessingChoice { Fit = Fit, CropFraction = CropFraction, Interpolation = Interpolation, Mean = Mean, Std = Std };
        if (sides.Concat(all.Problems()).FirstOrDefault() is { } problem) throw new PreprocessingException(problem);
        WantChannels("std", Std);
        if (Fit == Fit.Crop && Height != Width)
            throw new PreprocessingException(new("width", Text(Width), $"{Text(Height)} as the height: a crop from the middle is square"));
    }

    /// <summary>Whether both are equal, number by number.</summary>
    public bool Equals(Preprocessing? other) =>
        other is not null
        && (Height, Width, Fit, CropFraction, Interpolation) == (other.Height, other.Width, other.Fit, other.CropFraction, other.Interpolation)
        && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Height, Width, Fit, CropFraction, Interpolation, Mean.Count, Mean.Sum(), Std.Sum());

    /// <summary>For example <c>224×224 of the middle of 256, bicubic, mean [0.485, 0.456, 0.406], std [0.229, 0.224, 0.225]</c>.</summary>
    public override string ToString()
    {
        var way = Fit == Fit.Crop ? $" of the middle of {Text(ShorterSide)}" : ", stretched";
        return $"{Text(Height)}×{Text(Width)}{way}, {Interpolation.ToString().ToLowerInvariant()}, mean {PreprocessingChoice.Text(Mean)}, "
            + $"std {PreprocessingChoice.Text(Std)}";
    }

    private void WantChannels(string name, IReadOnlyList<double>? values)
    {
        if (values is null || values.Count == Channels) return;
        var wanted = Channels == 1 ? "one number, because its images are grey" : "three numbers, for red, green and blue";
        throw new PreprocessingException(new(name, PreprocessingChoice.Text(values), wanted));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
