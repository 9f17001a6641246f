using System.Globalization;
using System.Text.RegularExpressions;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Reads the text of <see cref="GraphPrinter"/> back.</summary>
public static class GraphParser
{
    private const int ShownLength = 200;

    /// <summary>The graph that the text describes; it prints as the text again.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limits">What the graph may take; the defaults if null.</param>
    /// <exception cref="GraphException">
    /// A line cannot be read, contradicts those above it, or goes beyond the limits; the message begins with its number.
    /// </exception>
    public static Graph Parse(string text, GraphLimits? limits = null)
    {
        var lines = text.Split('\n');
        var reading = new Reading(GraphName(lines), new GraphBudget(limits ?? GraphLimits.Default));
        for (var i = 1; i < lines.Length; i++)
        {
            try
            {
                reading.Line(lines[i].TrimEnd('\r', ' '));
            }
            catch (Exception e) when (e is GraphException or ShapeException or FormatException or OverflowException)
            {
                throw new GraphException($"line {i + 1}: {e.Message}");
            }
        }

        return reading.Graph;
    }

    private static string GraphName(string[] lines)
    {
        var match = Patterns.Graph().Match(lines[0].TrimEnd('\r', ' '));
        return match.Success
            ? match.Groups[1].Value
            : throw new GraphException($"line 1: '{Shortened(lines[0])}' does not begin a graph; wanted graph \"name\"");
    }

    /// <summary>A graph as far as it has been read.</summary>
    private sealed class Reading(string name, GraphBudget budget)
    {
        private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);

        internal Graph Graph { get; } = new(name);

        internal void Line(string line)
        {
            if (line.Length == 0) return;
            if (Patterns.Variable().Match(line) is { Success: true } variable) Declare(variable);
            else if (Patterns.Node().Match(line) is { Success: true } node) Apply(node);
            else if (Patterns.Output().Match(line) is { Success: true } output) Add(output.Groups[1].Value, Known(output.Groups[2].Value));
            else if (Patterns.Update().Match(line) is { Success: true } update) Add(Known(update.Groups[1].Value), Known(update.Groups[2].Value));
            else if (Patterns.Auxiliary().Match(line) is { Success: true } auxiliary) Add(auxiliary);
            else throw new GraphException(
                $"cannot read '{Shortened(line)}'; wanted %n = op %a, %b {{name=word}} : type, output \"name\" %n, update %n %m, "
                + "or auxiliary \"name\" %n weight");
        }

        private void Add(string output, Value value)
        {
            budget.TakeEnd();
            budget.CheckName(output);
            Graph.Output(output, value);
        }

        private void Add(Value variable, Value next)
        {
            budget.TakeEnd();
            Graph.Update(variable, next);
        }

        private void Add(Match line)
        {
            budget.TakeEnd();
            budget.CheckName(line.Groups[1].Value);
            Graph.Auxiliary(line.Groups[1].Value, Known(line.Groups[2].Value), double.Parse(line.Groups[3].Value, CultureInfo.InvariantCulture));
        }

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
            budget.CheckName(line.Groups[3].Value);
            var variable = new Variable(line.Groups[3].Value, kind, types[0], Initializer.Parse(line.Groups[4].Value));
            var value = Graph.Declare(variable);
            budget.Take(value.Node);
            Remember(line.Groups[1].Value, value);
        }

        private void Apply(Match line)
        {
            var op = OpTable.Parse(line.Groups[2].Value, line.Groups[4].Value, budget);
            var node = Graph.AddNode(op, [.. Ids(line.Groups[3].Value).Select(Known)]);
            budget.Take(node);
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

    private static string Shortened(string line) => line.Length <= ShownLength ? line : $"{line.AsSpan(0, ShownLength)}…";

    /// <summary>Types with commas between them, as in <c>f32[2, 3], s32[2]</c>.</summary>
    private static TensorType[] Types(string text)
    {
        var types = new List<TensorType>();
        for (var at = 0; at < text.Length;)
        {
            var (open, close) = (text.IndexOf('[', at), text.IndexOf(']', at));
            if (open < 0 || close < open) throw new GraphException($"'{Shortened(text)}' is no list of types; wanted such as f32[2, 3]");
            types.Add(new TensorType(DTypes.Parse(text[at..open]), Extents(text[(open + 1)..close])));
            at = close + 1;
            if (at < text.Length && !text.AsSpan(at).StartsWith(", ", StringComparison.Ordinal))
                throw new GraphException($"'{Shortened(text)}' is no list of types");
            at = Math.Min(text.Length, at + 2);
        }

        return [.. types];
    }

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
}
