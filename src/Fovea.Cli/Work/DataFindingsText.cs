using System.Globalization;
using Fovea.Cli.Output;
using Fovea.Data.Decoding;
using Fovea.Data.Sources;
using Fovea.Naming;

namespace Fovea.Cli.Work;

/// <summary>What is known of a data set, as tables and lines; the page shows the same tables.</summary>
internal static class DataFindingsText
{
    private const int ShownGroups = 5;
    private const int ShownImages = 4;

    internal static void Print(Report report, DataFindings findings)
    {
        foreach (var (_, head, rows) in Tables(findings, report.Terminal.NameWidth))
        {
            var table = new TextTable([.. head]);
            foreach (var row in rows) table.Row(row);
            report.Table(table);
            report.Line();
        }

        foreach (var line in Lines(findings, report.Terminal.NameWidth)) report.Line(line);
        foreach (var bad in findings.Duplicates?.Bad ?? findings.Statistics.Unreadable) report.Warning(bad.Message);
    }

    /// <summary>Each table: its title, its columns (one that begins with <c>&gt;</c> holds numbers) and its rows.</summary>
    /// <param name="findings">What is known.</param>
    /// <param name="nameWidth">The most characters of a name.</param>
    internal static IEnumerable<(string Title, string[] Head, IReadOnlyList<string[]> Rows)> Tables(DataFindings findings, int nameWidth)
    {
        var (statistics, parts) = (findings.Statistics, findings.Parts);
        yield return (
            "Classes", ["class", ">images", .. parts.Select(part => $">{Printable.Of(part)}")],
            [.. statistics.Classes.Select((of, label) =>
                (string[])[Printable.Short(of.Name, nameWidth), Whole(of.Images), .. findings.PartCounts.Select(counts => Whole(counts[label]))])]);
        yield return (
            "Distributions", ["", ">count", ">mean", ">std", ">min", ">25%", ">50%", ">75%", ">max"],
            [.. findings.Distributions.Select(row => (string[])[row.Name, Whole(row.Values.Count), .. Values(row.Values).Select(Decimal)])]);
        yield return (
            "Sizes", ["longer side", ">images"], [.. statistics.SizeHistogram.Select(bin => (string[])[$"{bin.From} to {bin.To} px", Whole(bin.Images)])]);
    }

    /// <summary>What stands under the tables.</summary>
    /// <inheritdoc cref="Tables" path="/param"/>
    internal static IEnumerable<string> Lines(DataFindings findings, int nameWidth)
    {
        var statistics = findings.Statistics;
        yield return $"{Amount.Of(statistics.Images, "image")} in {Amount.Of(statistics.Classes.Count, "class")}, "
            + $"{Amount.Of(statistics.DistinctSizes, "size")}; "
            + $"both sides under {DatasetStatistics.SmallSide} px: {Percent(statistics.SmallShare)} %";
        var formats = string.Join(", ", statistics.Formats.Select(format => $"{format.Value} {format.Key.Name()}"));
        var channels = string.Join(", ", statistics.Channels.Select(count => $"{count.Value} of {count.Key}"));
        yield return $"formats: {formats}; channels: {channels}";
        if (findings.Duplicates is not { } duplicates) yield break;
        yield return $"corrupt: {duplicates.Bad.Count}";
        foreach (var line in Groups(findings, nameWidth, "exact duplicates, with the same pixels", duplicates.Exact)) yield return line;
        foreach (var line in Groups(findings, nameWidth, "near duplicates, which look the same (dHash), the exact ones among them", duplicates.Near))
            yield return line;
        if (findings.Parts.Count < 2) yield break;
        foreach (var line in Groups(findings, nameWidth, "leaks, exact duplicates in more than one part", findings.ExactLeaks)) yield return line;
        foreach (var line in Groups(findings, nameWidth, "leaks, near duplicates in more than one part", findings.NearLeaks)) yield return line;
    }

    private static IEnumerable<string> Groups(DataFindings findings, int nameWidth, string what, IReadOnlyList<IReadOnlyList<int>> groups)
    {
        var different = DatasetDuplicates.OfDifferentClasses(groups, findings.Images).Count;
        yield return groups.Count == 0 ? $"{what}: none" : $"{what}: {groups.Sum(group => group.Count)} images in {Amount.Of(groups.Count, "group")}"
            + (different > 0 ? $", {different} of them of different classes" : "");
        foreach (var group in groups.Take(ShownGroups))
            yield return "  " + string.Join(" = ", group.Take(ShownImages).Select(i => Printable.Short(findings.Images.Key(i), nameWidth)))
                + (group.Count > ShownImages ? " = …" : "");
        if (groups.Count > ShownGroups) yield return "  …";
    }

    private static double[] Values(Distribution of) => [of.Mean, of.Std, of.Min, of.Quartile1, of.Median, of.Quartile3, of.Max];

    private static string Whole(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Decimal(double number) => double.IsNaN(number) ? "-" : number.ToString("F6", CultureInfo.InvariantCulture);

    private static string Percent(double share) => double.IsNaN(share) ? "-" : (100 * share).ToString("F1", CultureInfo.InvariantCulture);
}
