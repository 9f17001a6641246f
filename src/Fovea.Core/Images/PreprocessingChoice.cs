using System.Globalization;

namespace Fovea.Images;

/// <summary>
/// What a recipe, or the flags of a call, say of preprocessing; what is null stays as it was. <see cref="Preprocessing.Resolve"/> applies it.
/// </summary>
public sealed record PreprocessingChoice
{
    private const double LargestStd = 2;
    private const double SmallestStd = 0.001;

    /// <summary>Rows and columns of the input, 1 to <see cref="Preprocessing.LargestSide"/>.</summary>
    public int? ImageSize { get; init; }

    /// <summary><see cref="Preprocessing.Fit"/>.</summary>
    public Fit? Fit { get; init; }

    /// <summary><see cref="Preprocessing.CropFraction"/>.</summary>
    public double? CropFraction { get; init; }

    /// <summary><see cref="Preprocessing.Interpolation"/>.</summary>
    public Interpolation? Interpolation { get; init; }

    /// <summary><see cref="Preprocessing.Mean"/>.</summary>
    public IReadOnlyList<double>? Mean { get; init; }

    /// <summary><see cref="Preprocessing.Std"/>.</summary>
    public IReadOnlyList<double>? Std { get; init; }

    /// <summary>What of it is out of range, whatever the model; empty when nothing is.</summary>
    public IEnumerable<PreprocessingProblem> Problems()
    {
        if (ImageSize is { } size && OfSide("image_size", size) is { } sizeProblem) yield return sizeProblem;
        if (CropFraction is { } fraction && !(fraction >= Preprocessing.SmallestCropFraction && fraction <= 1))
            yield return new(
                "crop_fraction", Text(fraction), $"{Text(Preprocessing.SmallestCropFraction)} to 1, the side of the crop as a share of the shorter side");
        if (Fit is { } fit && !Enum.IsDefined(fit)) yield return new("fit", fit.ToString(), "crop or stretch");
        if (Interpolation is { } way && !Enum.IsDefined(way)) yield return new("interpolation", way.ToString(), Ways());
        if (Mean is not null && OfFractions("mean", Mean, 0, 1) is { } meanProblem) yield return meanProblem;
        if (Std is not null && OfFractions("std", Std, SmallestStd, LargestStd) is { } stdProblem) yield return stdProblem;
    }

    /// <summary>The interpolations as recipes, flags and files spell them.</summary>
    internal static string Ways() =>
        string.Join(", ", Enum.GetNames<Interpolation>()[..^1]).ToLowerInvariant() + $" or {Enum.GetNames<Interpolation>()[^1].ToLowerInvariant()}";

    internal static PreprocessingProblem? OfSide(string name, int side) =>
        side is >= 1 and <= Preprocessing.LargestSide ? null : new(name, Text(side), $"1 to {Preprocessing.LargestSide} pixels");

    internal static string Text(IReadOnlyList<double> values) => $"[{string.Join(", ", values.Select(value => Text(value)))}]";

    /// <summary>Wants one fraction of white or three; numbers of 0 to 255 are told what they would be.</summary>
    private static PreprocessingProblem? OfFractions(string name, IReadOnlyList<double> values, double low, double high)
    {
        if (values.Count is not (1 or 3)) return new(name, Text(values), "one number, for grey, or three, for red, green and blue");
        if (values.All(value => value >= low && value <= high)) return null;
        double[] shares = [.. values.Select(value => Math.Round(value / 255, 4))];
        var isOfBytes = values.Any(value => value > high) && values.All(value => value is >= 0 and <= 255) && shares.All(share => share >= low);
        var meant = isOfBytes ? $"; of values 0 to 255, {Text(shares)}" : "";
        return new(name, Text(values), $"fractions of white, {Text(low)} to {Text(high)}{meant}");
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
