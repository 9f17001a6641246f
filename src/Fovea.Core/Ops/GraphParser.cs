using System.Globalization;
using System.Text.RegularExpressions;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Reads the text of <see cref="GraphPrinter"/> back.</summary>
public static class GraphParser
{
    /// <summary>The graph that the text describes; it prints as the text again.</summary>
    /// <exception cref="GraphException">A line cannot be read or contradicts those above it; the message begins with its number.</exception>
    public static Graph Parse(string text)
    {
        var lines = text.Split('\n');
        var reading = new Reading(GraphName(lines));
        for (var i = 1; i < lines.Length; i++)
        {
            try
            {
                reading.Line(lines[i].TrimEnd('\r', ' '));
            }
            catch (Exception e) when (e is GraphException or ShapeException or FormatException or ArgumentException or OverflowException)
            {
                throw new GraphException($"line {i + 1}: {e.Message}");
            }
        }

        return reading.Graph;
    }

    private static string GraphName(string[] lines)
    {
        var match = Patterns.Graph().Match(lines[0].TrimEnd('\r', ' '));
        return match.Success ? match.Groups[1].Value : throw new GraphException($"line 1: '{lines[0]}' does not begin a graph; wanted graph \"name\"");
    }

    /// <summary>A graph as far as it has been read.</summary>
    private sealed class Reading(string name)
    {
        private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);

        internal Graph Graph { get; } = new(name);

        internal void Line(string line)
        {
            if (line.Length == 0) return;
            if (Patterns.Variable().Match(line) is { Success: true } variable) Declare(variable);
            else if (Patterns.Node().Match(line) is { Success: true } node) Apply(node);
            else if (Patterns.Output().Match(line) is { Success: true } output) Graph.Output(output.Groups[1].Value, Known(output.Groups[2].Value));
            else if (Patterns.Update().Match(line) is { Success: true } update) Graph.Update(Known(update.Groups[1].Value), Known(update.Groups[2].Value));
            else if (Patterns.Auxiliary().Match(line) is { Success: true } auxiliary) Add(auxiliary);
            else throw new GraphException(
                $"cannot read '{line}'; wanted %n = op %a, %b {{name=word}} : type, output \"name\" %n, update %n %m, or auxiliary \"name\" %n weight");
        }

        private void Add(Match line) =>
            Graph.Auxiliary(line.Groups[1].Value, Known(line.Groups[2].Value), double.Parse(line.Groups[3].Value, CultureInfo.InvariantCulture));

        private void Declare(Match line)
        {
            var kind = line.Groups[2].Value switch
            {
                "input" => VariableKind.Input,
                "parameter" => VariableKind.Parameter,
                "state" => VariableKind.State,
                _ => VariableKind.Slot,
            };
            var types = Types(line.Groups[5].Value);
            if (types.Length != 1) throw new GraphException($"a variable has one type, not {types.Length}");
            var variable = new Variable(line.Groups[3].Value, kind, types[0], Initializer.Parse(line.Groups[4].Value));
            Remember(line.Groups[1].Value, Graph.Declare(variable));
        }

        private void Apply(Match line)
        {
            var op = OpTable.Parse(line.Groups[2].Value, line.Groups[4].Value);
            var node = Graph.AddNode(op, [.. Ids(line.Groups[3].Value).Select(Known)]);
            var types = Types(line.Groups[5].Value);
            if (!types.AsSpan().SequenceEqual([.. node.Results.Select(result => result.Type)]))
                throw new GraphException($"{op.Name} gives {string.Join(", ", node.Results.Select(r => r.Type))}; the line says {string.Join(", ", types)}");
            var ids = Ids(line.Groups[1].Value);
            if (ids.Length != node.Results.Count) throw new GraphException($"{op.Name} has {node.Results.Count} results; the line names {ids.Length}");
            for (var i = 0; i < ids.Length; i++) Remember(ids[i], node.Results[i]);
        }

        private void Remember(string id, Value value)
        {
            if (!_values.TryAdd(id, value)) throw new GraphException($"{id} is computed twice");
        }

        private Value Known(string id) => _values.TryGetValue(id, out var value) ? value : throw new GraphException($"{id} is read before it is computed");
    }

    private static string[] Ids(string text) => text.Split(", ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static TensorType[] Types(string text) =>
        [.. Patterns.Types().Matches(text).Select(match => new TensorType(DTypes.Parse(match.Groups[1].Value), Extents(match.Groups[2].Value)))];

    private static Shape Extents(string text) =>
        new([.. text.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(extent => int.Parse(extent, CultureInfo.InvariantCulture))]);
}

/// <summary>The lines of a printed graph.</summary>
internal static partial class Patterns
{
    [GeneratedRegex("^graph \"(.*)\"$")]
    internal static partial Regex Graph();

    [GeneratedRegex("^(%\\d+) = (input|parameter|state|slot) \"(.*)\" (\\S+) : (.+)$")]
    internal static partial Regex Variable();

    [GeneratedRegex("^(%\\d+(?:, %\\d+)*) = (\\w+)((?: %\\d+(?:, %\\d+)*)?)(?: \\{([^}]*)\\})? : (.+)$")]
    internal static partial Regex Node();

    [GeneratedRegex("^output \"(.*)\" (%\\d+)$")]
    internal static partial Regex Output();

    [GeneratedRegex("^update (%\\d+) (%\\d+)$")]
    internal static partial Regex Update();

    [GeneratedRegex("^auxiliary \"(.*)\" (%\\d+) (\\S+)$")]
    internal static partial Regex Auxiliary();

    [GeneratedRegex("(\\w+)\\[([^\\]]*)\\]")]
    internal static partial Regex Types();
}
