using System.Text.Json;
using Fovea.Data.Augment;
using Fovea.Images;

namespace Fovea.Data.Parity;

/// <summary>Compares what happens to images with <c>augment.json</c>, which torchvision and Pillow have computed.</summary>
public static class AugmentFixture
{
    /// <summary>Normalised pixels are float32, of a size up to 3.</summary>
    private const double PixelBound = 3e-7;

    /// <summary>How far the norm of all may be, as a part of it.</summary>
    private const double NormBound = 1e-6;

    /// <summary>Compares operations, sizes, normalisation, and the tables of policies.</summary>
    /// <param name="root">The fixture.</param>
    /// <returns>A name for each case, several may share one, and what is wrong with it; null where nothing is.</returns>
    /// <exception cref="FormatException">A field is none that the fixtures have.</exception>
    public static IEnumerable<(string Id, string? Failure)> Compare(JsonElement root)
    {
        var images = root.GetProperty("images");
        var results = PixelCases.Compare(root.GetProperty("cases"), images).ToList();
        if (root.TryGetProperty("normalize", out var normalize)) results.Add(("normalize", Normalized(normalize, images)));
        if (root.TryGetProperty("resize_short_side_sizes", out var sizes)) results.Add(("resize_short_side_sizes", Sizes(sizes)));
        if (root.TryGetProperty("center_crop_offsets", out var offsets)) results.Add(("center_crop_offsets", Offsets(offsets)));
        results.AddRange(PolicyCases.Compare(root));
        return results;
    }

    private static string? Normalized(JsonElement entry, JsonElement images)
    {
        var image = PixelCases.Read(images.GetProperty(entry.GetProperty("image").GetString()!));
        var input = new Preprocessing
        {
            Width = image.Width, Height = image.Height, Fit = Fit.Stretch, Mean = Numbers(entry.GetProperty("mean")), Std = Numbers(entry.GetProperty("std")),
        };
        using var preprocessor = new Preprocessor(ImagePipeline.Evaluate(input));
        var (values, plane) = (new float[preprocessor.Length], image.Width * image.Height);
        preprocessor.Process(image, "normalize", values);
        var (wanted, rows) = (Numbers(entry.GetProperty("rows_0_1_chw")), 2 * image.Width);
        for (var i = 0; i < wanted.Length; i++)
            if (Far($"number {i} of the first rows", values[(i / rows * plane) + (i % rows)], (float)wanted[i], PixelBound) is { } far) return far;
        var norm = entry.GetProperty("l2").GetDouble();
        return Far("the norm", Math.Sqrt(values.Sum(x => (double)x * x)), norm, NormBound * norm);
    }

    /// <summary>Rows of height, width, shorter side, and the height and width that come of it.</summary>
    private static string? Sizes(JsonElement table)
    {
        foreach (var row in table.GetProperty("rows").EnumerateArray().Select(Numbers))
        {
            var (width, height) = Canvas.OfShorter((int)row[1], (int)row[0], (int)row[2]);
            if (height != (int)row[3] || width != (int)row[4])
                return FormattableString.Invariant($"{row[0]}×{row[1]} to {row[2]} becomes {height}×{width}; wanted {row[3]}×{row[4]}");
        }

        return null;
    }

    /// <summary>Rows of height, width, side, and where the crop begins.</summary>
    private static string? Offsets(JsonElement table)
    {
        foreach (var row in table.GetProperty("rows").EnumerateArray().Select(Numbers))
        {
            var (top, left) = (Canvas.Middle((int)row[0], (int)row[2]), Canvas.Middle((int)row[1], (int)row[2]));
            if (top != (int)row[3] || left != (int)row[4])
                return FormattableString.Invariant($"{row[2]} of {row[0]}×{row[1]} begins at {top}, {left}; wanted {row[3]}, {row[4]}");
        }

        return null;
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(x => x.GetDouble())];

    private static string? Far(string what, double found, double wanted, double bound) =>
        Math.Abs(found - wanted) <= bound ? null : FormattableString.Invariant($"{what} is {found:G9}; wanted {wanted:G9}");
}
