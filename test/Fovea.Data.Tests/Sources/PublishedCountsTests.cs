using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Sources;

/// <summary>The counts of a published data set of 89 classes, whose statistics and split are published with them.</summary>
public sealed class PublishedCountsTests
{
    private static readonly int[] s_counts =
    [
        229, 291, 372, 447, 825, 113, 1170, 444, 940, 271, 582, 322, 421, 298, 227, 35, 180, 184, 410, 189, 249, 153, 191, 307, 310, 301, 73, 78, 110, 78,
        250, 76, 135, 102, 87, 73, 118, 111, 377, 219, 165, 324, 257, 1725, 658, 23, 82, 458, 325, 145, 480, 502, 108, 259, 601, 234, 16, 269, 108, 2102,
        304, 588, 1335, 1360, 385, 363, 162, 293, 13, 16, 3069, 1152, 1189, 1184, 1186, 2592, 29, 172, 169, 171, 1274, 8, 2346, 2345, 2344, 5121, 34, 460, 150,
    ];

    [Fact]
    [Trait("row", "S0-08")]
    public void Distribution_of_89_classes_is_what_pandas_described_to_the_digit()
    {
        var row = Distribution.Of(s_counts);

        Assert.Equal((89, 8, 135, 271, 502, 5121), (row.Count, row.Min, row.Quartile1, row.Median, row.Quartile3, row.Max));
        Assert.Equal(("561.831461", "809.292792"), (Text(row.Mean), Text(row.Std)));
    }

    [Fact]
    [Trait("row", "S0-09")]
    public void Split_of_89_classes_holds_back_4970_and_keeps_45041_with_the_class_of_8_in_both()
    {
        string[] names = [.. Enumerable.Range(0, s_counts.Length).Select(label => $"{label}")];
        var files = s_counts.SelectMany((count, label) => Enumerable.Range(0, count).Select(i => ($"{label}/{i}.jpg", label)));

        var split = DatasetSplit.Of(new ImageFiles("/data", names, files), 0.1);

        Assert.Equal((4970, 45041), (split.Validation.Count, split.Train.Count));
        Assert.Equal(["81"], split.InBoth);
        Assert.Equal(512, Enumerable.Range(0, split.Validation.Count).Count(i => split.Validation.Label(i) == 85));
    }

    private static string Text(double number) => number.ToString("F6", System.Globalization.CultureInfo.InvariantCulture);
}
