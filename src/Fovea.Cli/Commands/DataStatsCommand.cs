using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Decoding;
using Fovea.Data.Sources;
using Fovea.Naming;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea data stats</c>: what a data set is made of.</summary>
internal static class DataStatsCommand
{
    private static readonly Argument<string> s_place = DataCommand.Place();

    internal static Command Create() => new Command("stats", "Count images, classes, sizes and formats").With(s_place).With(DataFlags.All).Runs(Run);

    private static int Run(Invocation call)
    {
        var data = DataFlags.Find(call, call.Value(s_place)!);
        var (images, partOf, warnings) = data.OpenAll(call.Stop);
        foreach (var warning in warnings) call.Report.Warning(warning);
        string[] parts = [.. data.Parts];
        var statistics = DatasetStatistics.Of(images, stop: call.Stop);
        var report = call.Report;
        var classes = new TextTable(["class", ">images", .. parts.Select(part => $">{Printable.Of(part)}")]);
        var counts = CountsOf(images, partOf, parts.Length);
        for (var label = 0; label < statistics.Classes.Count; label++)
            classes.Row([statistics.Classes[label].Name, Whole(statistics.Classes[label].Images), .. counts.Select(of => Whole(of[label]))]);
        report.Table(classes);
        report.Line();
        var table = new TextTable("", ">mean", ">std", ">min", ">25%", ">50%", ">75%", ">max");
        foreach (var (name, values) in Distributions(statistics))
            table.Row([name, .. new[] { values.Mean, values.Std, values.Min, values.Quartile1, values.Median, values.Quartile3, values.Max }.Select(Decimal)]);
        report.Table(table);
        report.Line(
            $"{statistics.Images} images in {statistics.Classes.Count} classes, {statistics.DistinctSizes} sizes; " +
            $"both sides under {DatasetStatistics.SmallSide} px: {Decimal(100 * statistics.SmallShare)} %");
        var formats = string.Join(", ", statistics.Formats.Select(format => $"{format.Value} {format.Key.Name()}"));
        var channels = string.Join(", ", statistics.Channels.Select(count => $"{count.Value} of {count.Key}"));
        report.Line($"formats: {formats}; channels: {channels}");
        foreach (var bad in statistics.Unreadable) report.Warning(bad.Message);
        if (statistics.Classes.Count == 1) report.Warning($"{Printable.Of(data.Place)}: one class alone; training wants at least 2{(data.Kind == "class folders" ? " class folders" : "")}");
        report.Object(json =>
        {
            Write(json, statistics);
            json.WriteStartObject("parts");
            for (var i = 0; i < parts.Length; i++) json.WriteNumber(parts[i], counts[i].Sum());
            json.WriteEndObject();
        });
        return ExitCodes.Ok;
    }

    /// <summary>For each part, the number of images of each class.</summary>
    private static int[][] CountsOf(IImageSource images, Func<int, int> partOf, int parts)
    {
        var counts = Enumerable.Range(0, parts).Select(_ => new int[images.ClassNames.Count]).ToArray();
        for (var i = 0; i < images.Count; i++)
            if (partOf(i) is var part and >= 0) counts[part][images.Label(i)]++;
        return counts;
    }

    private static void Write(Utf8JsonWriter json, DatasetStatistics statistics)
    {
        json.WriteNumber("images", statistics.Images);
        json.WriteStartArray("classes");
        foreach (var (name, count) in statistics.Classes)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("images", count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        foreach (var (name, values) in Distributions(statistics)) Write(json, name.Replace(' ', '_'), values);
        json.WriteNumber("distinct_sizes", statistics.DistinctSizes);
        JsonNumbers.Write(json, "small_share", statistics.SmallShare);
        json.WriteStartObject("formats");
        foreach (var (format, count) in statistics.Formats) json.WriteNumber(format.ToString().ToLowerInvariant(), count);
        json.WriteEndObject();
        json.WriteStartObject("channels");
        foreach (var (channels, count) in statistics.Channels) json.WriteNumber(Whole(channels), count);
        json.WriteEndObject();
        DataCommand.WriteBad(json, "unreadable", statistics.Unreadable);
    }

    private static (string Name, Distribution Values)[] Distributions(DatasetStatistics statistics) =>
        [("images per class", statistics.ImagesPerClass), ("width", statistics.Widths), ("height", statistics.Heights)];

    private static void Write(Utf8JsonWriter json, string name, Distribution values)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", values.Count);
        JsonNumbers.Write(json, "mean", values.Mean);
        JsonNumbers.Write(json, "std", values.Std);
        JsonNumbers.Write(json, "min", values.Min);
        JsonNumbers.Write(json, "quartile1", values.Quartile1);
        JsonNumbers.Write(json, "median", values.Median);
        JsonNumbers.Write(json, "quartile3", values.Quartile3);
        JsonNumbers.Write(json, "max", values.Max);
        json.WriteEndObject();
    }

    private static string Whole(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Decimal(double number) => double.IsNaN(number) ? "-" : number.ToString("F1", CultureInfo.InvariantCulture);
}
