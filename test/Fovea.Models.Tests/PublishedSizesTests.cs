using System.Globalization;
using Fovea.Analysis;

namespace Fovea.Models.Tests;

/// <summary>The table of docs/published-sizes.md: model, published MiB, those of the catalogue's model, and whether they agree.</summary>
public class PublishedSizesTests
{
    private const double BytesPerMebibyte = 1 << 20;

    private static readonly string[][] s_rows =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "published-sizes.md"))
            .Where(line => line.StartsWith("| cifar_", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)),
    ];

    public static TheoryData<string, string, string, string> Rows()
    {
        var data = new TheoryData<string, string, string, string>();
        foreach (var row in s_rows.Where(row => ModelCatalog.TryFind(row[0]) is not null)) data.Add(row[0], row[1], row[2], row[3]);
        return data;
    }

    [Fact]
    public void Every_figure_of_the_published_column_is_in_the_table() => Assert.Equal(
        ["47.6", "19.2", "7.78", "4.0", "64.9", "123", "208", "75", "104", "184", "7.36", "13.4", "19.4"], s_rows.Select(row => row[1]));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Size_in_the_table_is_that_of_the_model_and_so_is_the_verdict(string model, string published, string ours, string verdict)
    {
        var mebibytes = sizeof(float) * CostAnalysis.Of(ModelCatalog.Build(model)).ParamsWithStatistics / BytesPerMebibyte;
        Assert.Equal(mebibytes.ToString("F2", CultureInfo.InvariantCulture), ours);
        var decimals = published.Contains('.', StringComparison.Ordinal) ? published.Length - published.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        var difference = Math.Abs(double.Parse(published, CultureInfo.InvariantCulture) - mebibytes);
        var agrees = difference <= Math.Pow(10, -decimals);
        Assert.Equal(agrees ? "agrees" : string.Create(CultureInfo.InvariantCulture, $"differs by {difference:F2}"), verdict);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(20)]
    [InlineData(29)]
    public void The_registry_builds_one_net_under_the_five_names_of_a_depth(int depth)
    {
        var plain = Lines($"cifar_spp_d{depth}_pN");
        foreach (var letter in "ABCD")
        {
            Assert.Equal(plain, Lines($"cifar_spp_d{depth}_p{letter}"));
            Assert.NotEqual(plain, Lines($"cifar_spp_d{depth}_p{letter}_spp"));
        }
    }

    private static IEnumerable<string> Lines(string model) => Graphs.GraphPrinter.Print(ModelCatalog.Build(model)).Split('\n').Skip(1);
}
