using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Images;

namespace Fovea.Data.Parity;

/// <summary>Compares what happens to images with <c>augment.json</c>, which torchvision and Pillow have computed.</summary>
public static class AugmentFixture
{
    /// <summary>Normalised pixels are float32, of a size up to 3.</summary>
    private const double PixelBound = 3e-7;

    /// <summary>How far the norm of all may be, as a part of it.</summary>
    private const double NormBound = 1e-6;

    private static readonly string[] s_sizes = ["h", "w", "size", "out_h", "out_w"];
    private static readonly string[] s_offsets = ["h", "w", "crop", "top", "left"];

    /// <summary>Compares operations, sizes, normalisation, and the tables of policies.</summary>
    /// <param name="root">The fixture.</param>
    /// <returns>A name for each case, several may share one, and what is wrong with it; null where nothing is.</returns>
    /// <exception cref="FixtureException">A field is missing, or is none that can be compared with.</exception>
    public static IEnumerable<(string Id, string? Failure)> Compare(FixtureNode root)
    {
        var images = PixelCases.Images(root["images"]);
        var results = PixelCases.Compare(root["cases"], images).ToList();
        if (root.Find("normalize") is { } normalize) results.Add(Result(normalize, "normalize", () => Normalized(normalize, images)));
        if (root.Find("resize_short_side_sizes") is { } sizes) results.Add(Result(sizes, "resize_short_side_sizes", () => Sizes(sizes)));
        if (root.Find("center_crop_offsets") is { } offsets) results.Add(Result(offsets, "center_crop_offsets", () => Offsets(offsets)));
        results.AddRange(PolicyCases.Compare(root));
        return results;
    }

    /// <summary>The result of a case: what <paramref name="compare"/> finds, or the fields that it has not read.</summary>
    internal static (string Id, string? Failure) Result(FixtureNode entry, string id, Func<string?> compare)
    {
        try
        {
            return (id, compare() ?? entry.Unknown());
        }
        catch (Exception e) when (e is ImageException or PreprocessingException or ArgumentException)
        {
            return (id, $"{entry.Where}: cannot be done: {e.Message}");
        }
        finally
        {
            entry.Close();
        }
    }

    private static string? Normalized(FixtureNode entry, IReadOnlyDictionary<string, RgbImage> images)
    {
        const int channels = 3, rowsGiven = 2;
        var image = PixelCases.Named(entry["image"], images);
        var input = new Preprocessing
        {
            Width = image.Width, Height = image.Height, Fit = Fit.Stretch, Mean = entry["mean"].Numbers(channels), Std = entry["std"].Numbers(channels),
        };
        var (wanted, rows) = (entry["rows_0_1_chw"].Numbers(channels * rowsGiven * image.Width), rowsGiven * image.Width);
        using var preprocessor = new Preprocessor(ImagePipeline.Evaluate(input));
        var (values, plane) = (new float[preprocessor.Length], image.Width * image.Height);
        preprocessor.Process(image, "normalize", values);
        for (var i = 0; i < wanted.Length; i++)
            if (Far($"number {i} of the first rows", values[(i / rows * plane) + (i % rows)], (float)wanted[i], PixelBound) is { } far) return far;
        var norm = entry["l2"].Number();
        return Far("the norm", Math.Sqrt(values.Sum(x => (double)x * x)), norm, NormBound * norm);
    }

    /// <summary>Rows of height, width, shorter side, and the height and width that come of it.</summary>
    private static string? Sizes(FixtureNode table)
    {
        foreach (var row in Rows(table, s_sizes))
        {
            var (width, height) = Canvas.OfShorter(row[1], row[0], row[2]);
            if (height != row[3] || width != row[4])
                return FormattableString.Invariant($"{row[0]}×{row[1]} to {row[2]} becomes {height}×{width}; wanted {row[3]}×{row[4]}");
        }

        return null;
    }

    /// <summary>Rows of height, width, side, and where the crop begins.</summary>
    private static string? Offsets(FixtureNode table)
    {
        foreach (var row in Rows(table, s_offsets))
        {
            var (top, left) = (Canvas.Middle(row[0], row[2]), Canvas.Middle(row[1], row[2]));
            if (top != row[3] || left != row[4])
                return FormattableString.Invariant($"{row[2]} of {row[0]}×{row[1]} begins at {top}, {left}; wanted {row[3]}, {row[4]}");
        }

        return null;
    }

    /// <summary>The rows of a table, whose columns must be those that are known.</summary>
    private static IEnumerable<int[]> Rows(FixtureNode table, string[] columns)
    {
        var given = table["columns"].Items.Select(column => column.Text());
        if (!given.SequenceEqual(columns)) throw table["columns"].Wrong($"are {string.Join(", ", given)}; wanted {string.Join(", ", columns)}");
        foreach (var row in table["rows"].Items)
        {
            var numbers = row.Integers(least: -1_000_000, most: 1_000_000);
            if (numbers.Length != columns.Length) throw row.Wrong($"has {numbers.Length} numbers; wanted {columns.Length}");
            if (Array.Exists(numbers[..3], side => side < 1)) throw row.Wrong("has a side below 1; wanted sizes of images");
            yield return numbers;
        }
    }

    private static string? Far(string what, double found, double wanted, double bound) =>
        Math.Abs(found - wanted) <= bound ? null : FormattableString.Invariant($"{what} is {found:G9}; wanted {wanted:G9}");
}
