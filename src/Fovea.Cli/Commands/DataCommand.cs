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

/// <summary><c>fovea data</c>: draws, counts, divides and checks data sets.</summary>
internal static class DataCommand
{
    private static readonly Argument<string> s_folder = new("DIR") { Description = "The data folder: class folders, or train/ and val/ with class folders" };
    private static readonly Option<double> s_fraction =
        new("--fraction") { Description = "The share held back for validation", HelpName = "F", DefaultValueFactory = _ => 0.1 };
    private static readonly Option<ulong> s_seed = new("--seed") { Description = "Which images are held back follows from it; default 0", HelpName = "N" };
    private static readonly Option<string> s_mode =
        Choice.Of("--mode", "What is written: links to the images, copies, or text files that list them", "link", "copy", "lists");
    private static readonly Option<string> s_output =
        new("--out", "-o") { Description = "The folder to write; new or empty", HelpName = "DIR", Required = true };
    private static readonly Option<string?> s_quarantine = new("--quarantine") { Description = "Move bad images to this folder", HelpName = "DIR" };

    internal static Command Create() => new Command("data", "Draw, count, divide and check data sets").With(
        DataSynthCommand.Create(),
        new Command("stats", "Count images, classes, sizes and formats").With(s_folder).Runs(Stats),
        new Command("split", "Divide class folders into train and val").With(s_folder, s_output, s_fraction, s_seed, s_mode).Runs(Split),
        new Command("check", "Decode every image and name the bad ones").With(s_folder, s_quarantine).Runs(Check));

    private static int Stats(Invocation call)
    {
        var images = OpenAll(call);
        var parts = Parts(call);
        var statistics = DatasetStatistics.Of(images, stop: call.Stop);
        var report = call.Report;
        var classes = new TextTable(["class", ">images", .. parts.Select(part => $">{Printable.Of(part)}")]);
        var counts = parts.Select(part => CountsOf(images, part)).ToArray();
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
        if (statistics.Classes.Count == 1) report.Warning($"{Printable.Of(images.Root)}: one class alone; training wants at least 2 class folders");
        report.Object(json =>
        {
            Write(json, statistics);
            json.WriteStartObject("parts");
            for (var i = 0; i < parts.Length; i++) json.WriteNumber(parts[i], counts[i].Sum());
            json.WriteEndObject();
        });
        return ExitCodes.Ok;
    }

    /// <summary>The parts that the data folder is divided into; none where it holds the class folders itself.</summary>
    private static string[] Parts(Invocation call) => [.. ClassFolders.Parts(call.Value(s_folder)!).Where(part => part.Length > 0)];

    /// <summary>For each class the images that lie in a part.</summary>
    private static int[] CountsOf(ImageFiles images, string part)
    {
        var counts = new int[images.ClassNames.Count];
        for (var i = 0; i < images.Count; i++)
            if (images.Key(i).StartsWith($"{part}/", StringComparison.Ordinal)) counts[images.Label(i)]++;
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
        WriteBad(json, "unreadable", statistics.Unreadable);
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

    private static int Split(Invocation call)
    {
        if (call.Value(s_fraction) is var fraction && !(fraction is > 0 and < 1))
            throw new UsageException(FormattableString.Invariant($"--fraction is {fraction}; wanted above 0 and below 1"));
        var folder = call.Value(s_output)!;
        SeparateFolders.Check("--out", folder, call.Value(s_folder)!);
        var split = DatasetSplit.Of(OpenAll(call), fraction, call.Value(s_seed));
        if (Parts(call) is [_, _, ..] parts)
            call.Report.Warning($"{string.Join(", ", parts.Select(part => $"{Printable.Of(part)}/"))}: are put together and divided anew");
        split.Write(folder, Enum.Parse<SplitMode>(call.Value(s_mode)!, ignoreCase: true), call.Stop);
        if (split.InBoth.Count > 0)
            call.Report.Warning($"too small for the fraction, so all their images are in both parts: {string.Join(", ", split.InBoth.Select(Printable.Of))}");
        call.Report.Line($"{split.Train.Count} images to train on and {split.Validation.Count} to validate with in {Printable.Of(folder)}");
        call.Report.Object(json =>
        {
            json.WriteString("folder", folder);
            json.WriteNumber("train", split.Train.Count);
            json.WriteNumber("val", split.Validation.Count);
            json.WriteStartArray("in_both");
            foreach (var name in split.InBoth) json.WriteStringValue(name);
            json.WriteEndArray();
        });
        return ExitCodes.Ok;
    }

    private static int Check(Invocation call)
    {
        if (call.Value(s_quarantine) is { } quarantine)
        {
            SeparateFolders.Check("--quarantine", quarantine, call.Value(s_folder)!);
            if (File.Exists(quarantine)) throw new UsageException($"--quarantine {Printable.Of(quarantine)}: is no folder; wanted one, which need not exist");
        }

        var check = DatasetCheck.Run(OpenAll(call), call.Value(s_quarantine), stop: call.Stop);
        foreach (var warning in check.Warnings) call.Report.Warning(warning);
        foreach (var bad in check.Bad) call.Report.Error(bad.MovedTo is null ? bad.Message : $"{bad.Message}; moved to {Printable.Of(bad.MovedTo)}");
        call.Report.Line($"{check.Images} images, {check.Bad.Count} of them bad");
        call.Report.Object(json =>
        {
            json.WriteNumber("images", check.Images);
            WriteBad(json, "bad", check.Bad);
            json.WriteStartArray("warnings");
            foreach (var warning in check.Warnings) json.WriteStringValue(warning);
            json.WriteEndArray();
        });
        return check.Bad.Count == 0 ? ExitCodes.Ok : ExitCodes.Failure;
    }

    private static ImageFiles OpenAll(Invocation call)
    {
        var folder = call.Value(s_folder)!;
        if (!Directory.Exists(folder)) throw EvaluationData.NoFolder(folder);
        var (images, warnings) = ClassFolders.OpenAll(folder, call.Stop);
        foreach (var warning in warnings) call.Report.Warning(warning);
        return images;
    }

    private static void WriteBad(Utf8JsonWriter json, string name, IReadOnlyList<BadImage> images)
    {
        json.WriteStartArray(name);
        foreach (var bad in images)
        {
            json.WriteStartObject();
            json.WriteString("key", bad.Key);
            json.WriteString("class", bad.ClassName);
            json.WriteString("message", bad.Message);
            json.WriteString("moved_to", bad.MovedTo);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Whole(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Decimal(double number) => double.IsNaN(number) ? "-" : number.ToString("F1", CultureInfo.InvariantCulture);
}
