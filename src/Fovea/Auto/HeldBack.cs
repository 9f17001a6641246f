using Fovea.Data.Sources;

namespace Fovea.Auto;

/// <summary>How images part into those that are trained on and those that are evaluated.</summary>
/// <param name="Share">The share of each class that is held back where the data has no validation part.</param>
/// <param name="Images">The images to train on.</param>
/// <param name="Validation">The images to evaluate.</param>
internal sealed record HeldBack(double Share, int Images, int Validation)
{
    private const double Usual = 0.1;
    private const int FewImages = 10;

    internal static HeldBack Of(DataSummary data, AutoOptions options)
    {
        var share = options.ValidationFraction ?? ShareOf(data);
        if (data.ValidationImages > 0) return new(share, Used(data.Images, options), data.ValidationImages);
        var (kept, validation) = (0, 0);
        foreach (var count in data.ClassCounts)
        {
            var back = HeldBackImages.CountOf(count, share);
            (kept, validation) = (kept + count - back, validation + (back > 0 ? back : share > 0 ? count : 0));
        }

        return new(share, Used(kept, options), validation);
    }

    /// <summary>The usual tenth, or more where that would be none of most classes.</summary>
    private static double ShareOf(DataSummary data)
    {
        var median = data.ClassCounts.Order().ElementAt(data.ClassCounts.Count / 2);
        return data.ValidationImages == 0 && median is >= 2 and < FewImages ? Math.Ceiling(100.0 / Math.Min(5, median)) / 100 : Usual;
    }

    private static int Used(int images, AutoOptions options) => Math.Max(1, (int)(images * options.Fraction));
}
