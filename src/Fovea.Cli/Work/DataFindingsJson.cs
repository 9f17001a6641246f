using System.Globalization;
using System.Text.Json;
using Fovea.Cli.Output;
using Fovea.Data.Sources;

namespace Fovea.Cli.Work;

/// <summary>What is known of a data set, as the members of a JSON object.</summary>
internal static class DataFindingsJson
{
    internal static void Write(Utf8JsonWriter json, DataFindings findings)
    {
        var statistics = findings.Statistics;
        json.WriteString("kind", findings.Data.Kind);
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
        foreach (var (name, values) in findings.Distributions) Write(json, name.Replace(' ', '_'), values);
        json.WriteNumber("distinct_sizes", statistics.DistinctSizes);
        JsonNumbers.Write(json, "small_share", statistics.SmallShare);
        json.WriteStartArray("size_histogram");
        foreach (var (from, to, images) in statistics.SizeHistogram)
        {
            json.WriteStartObject();
            json.WriteNumber("from", from);
            json.WriteNumber("to", to);
            json.WriteNumber("images", images);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("formats");
        foreach (var (format, count) in statistics.Formats) json.WriteNumber(format.ToString().ToLowerInvariant(), count);
        json.WriteEndObject();
        json.WriteStartObject("channels");
        foreach (var (channels, count) in statistics.Channels) json.WriteNumber(channels.ToString(CultureInfo.InvariantCulture), count);
        json.WriteEndObject();
        WriteBad(json, "unreadable", statistics.Unreadable);
        if (findings.Duplicates is { } duplicates) WritePixels(json, findings, duplicates);
        json.WriteStartObject("parts");
        foreach (var (i, part) in findings.Parts.Index()) json.WriteNumber(part, findings.PartCounts[i].Sum());
        json.WriteEndObject();
    }

    internal static void WriteBad(Utf8JsonWriter json, string name, IReadOnlyList<BadImage> images)
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

    private static void WritePixels(Utf8JsonWriter json, DataFindings findings, DatasetDuplicates duplicates)
    {
        WriteBad(json, "corrupt", duplicates.Bad);
        json.WriteString("near_by", "dHash 64 bits, at most 6 differ");
        WriteGroups(json, "exact_duplicates", findings, duplicates.Exact);
        WriteGroups(json, "near_duplicates", findings, duplicates.Near);
        WriteGroups(json, "exact_leaks", findings, findings.ExactLeaks);
        WriteGroups(json, "near_leaks", findings, findings.NearLeaks);
    }

    private static void WriteGroups(Utf8JsonWriter json, string name, DataFindings findings, IReadOnlyList<IReadOnlyList<int>> groups)
    {
        json.WriteStartArray(name);
        foreach (var group in groups)
        {
            json.WriteStartArray();
            foreach (var image in group) json.WriteStringValue(findings.Images.Key(image));
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

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
}
