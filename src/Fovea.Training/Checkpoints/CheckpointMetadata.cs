using System.Globalization;
using Fovea.Formats.Artefact;
using Fovea.Training.State;

namespace Fovea.Training.Checkpoints;

/// <summary>Facts and state of a checkpoint as the strings that a safetensors file keeps beside its tensors.</summary>
internal static class CheckpointMetadata
{
    internal const string Checksum = "fovea.sha256";

    private const string Kind = "fovea.kind";
    private const string KindOfCheckpoints = "checkpoint 1";
    private const string Holds = "fovea.holds";
    private const string WeightsAlone = "weights";
    private const string AveragesAlone = "averages";
    private const string HeldBack = "fovea.held_back";

    internal static bool AreOfCheckpoint(IReadOnlyDictionary<string, string> metadata) =>
        metadata.GetValueOrDefault(Kind)?.StartsWith("checkpoint", StringComparison.Ordinal) ?? false;

    internal static SortedDictionary<string, string> Write(Checkpoint checkpoint)
    {
        var metadata = Write(checkpoint.Facts, checkpoint.State);
        if (!checkpoint.IsWhole) metadata.Add(Holds, checkpoint.HasAverages ? AveragesAlone : WeightsAlone);
        return metadata;
    }

    /// <summary>The checkpoint as one of what its strings say that it holds.</summary>
    /// <exception cref="FormatException">They say something else.</exception>
    internal static Checkpoint Held(Checkpoint checkpoint, IReadOnlyDictionary<string, string> metadata) => metadata.GetValueOrDefault(Holds) switch
    {
        null => checkpoint,
        WeightsAlone => checkpoint with { IsWhole = false },
        AveragesAlone => checkpoint with { IsWhole = false, HasAverages = true },
        var other => throw new FormatException($"its {Holds} is '{other}'; wanted '{WeightsAlone}', '{AveragesAlone}', or none of it"),
    };

    internal static SortedDictionary<string, string> Write(RunFacts facts, RunState state)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [Kind] = KindOfCheckpoints,
            ["fovea.model"] = facts.Model,
            ["fovea.graph"] = facts.Graph,
            ["fovea.classes"] = ClassNamesJson.Write(facts.Classes),
            ["fovea.preprocessing"] = facts.Preprocessing,
            ["fovea.recipe"] = facts.Recipe,
            ["fovea.tool_version"] = facts.ToolVersion,
            ["fovea.seed"] = Text(facts.Seed),
            ["fovea.batch_size"] = Text(facts.BatchSize),
            ["fovea.accumulate"] = Text(facts.Accumulate),
            ["fovea.samples"] = Text(facts.Samples),
            ["fovea.images"] = facts.Images,
            ["fovea.state"] = RunStateText.Write(state),
        };
        if (facts.HeldBack is { } held) metadata.Add(HeldBack, held);
        return metadata;
    }

    /// <exception cref="FormatException">The strings are not those of a checkpoint; the message says what is wrong.</exception>
    internal static (RunFacts Facts, RunState State) Read(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.GetValueOrDefault(Kind) is not { } kind) throw new FormatException("holds weights, but no checkpoint of a run");
        if (kind != KindOfCheckpoints)
            throw new FormatException(
                $"is of the kind '{kind}', written by version {metadata.GetValueOrDefault("fovea.tool_version", "unknown")}; "
                + $"this version reads '{KindOfCheckpoints}'");
        string Get(string key) => metadata.GetValueOrDefault($"fovea.{key}") ?? throw new FormatException($"lacks the entry fovea.{key}");
        int Integer(string key) => int.TryParse(Get(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"its fovea.{key} is '{Get(key)}'; wanted a whole number from 1 to {int.MaxValue}");
        var facts = new RunFacts
        {
            Model = Get("model"),
            Graph = metadata.GetValueOrDefault("fovea.graph", ""),
            Classes = Names(Get("classes")),
            Preprocessing = Get("preprocessing"),
            Recipe = Get("recipe"),
            ToolVersion = Get("tool_version"),
            Seed = ulong.TryParse(Get("seed"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
                ? seed
                : throw new FormatException($"its fovea.seed is '{Get("seed")}'; wanted a whole number from 0 to {ulong.MaxValue}"),
            BatchSize = Integer("batch_size"),
            Accumulate = Integer("accumulate"),
            Samples = Integer("samples"),
            Images = metadata.GetValueOrDefault("fovea.images", ""),
            HeldBack = metadata.GetValueOrDefault(HeldBack),
        };
        return (facts, RunStateText.Read(Get("state"), facts));
    }

    private static string[] Names(string text)
    {
        var names = ClassNamesJson.Read(text);
        if (names.Length == 0) throw new FormatException("has no classes; wanted at least one");
        return names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new FormatException($"has the class '{twice.Key}' twice")
            : names;
    }

    private static string Text<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
