using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>Who reads the values of a graph, and when for the last time.</summary>
internal sealed class ValueUses
{
    private readonly Dictionary<Value, int> _last = [];
    private readonly Dictionary<Value, Node> _readers = [];
    private readonly Dictionary<Value, Value> _next = [];
    private readonly ILookup<Value, Value> _becoming;
    private readonly HashSet<Value> _ends;

    internal ValueUses(Graph graph)
    {
        foreach (var (variable, next) in graph.Updates) _next[variable] = next;
        _becoming = graph.Updates.ToLookup(update => update.Next, update => update.Variable);
        _ends = [.. graph.Outputs.Select(output => output.Value), .. _next.Values];
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];

            // What a conversion reads is read when somebody reads the conversion.
            var read = node.Op is Cast ? Math.Max(i, _ends.Contains(node.Result) ? int.MaxValue : _last.GetValueOrDefault(node.Result)) : i;
            foreach (var input in node.Inputs)
            {
                _readers.TryAdd(input, node);
                _last[input] = Math.Max(_last.GetValueOrDefault(input), read);
            }
        }
    }

    /// <summary>Whether a run changes a variable.</summary>
    internal bool IsUpdated(Value variable) => _next.ContainsKey(variable);

    /// <summary>Whether a run gives a variable this value.</summary>
    internal bool IsUpdate(Value variable, Value next) => _next.GetValueOrDefault(variable) == next;

    /// <summary>The variables that a run gives this value.</summary>
    internal IEnumerable<Value> Becoming(Value next) => _becoming[next];

    /// <summary>Whether nothing reads a value after a node. Outputs and next values of variables are read after all nodes.</summary>
    internal bool EndsAt(Value value, Node node) => !_ends.Contains(value) && _last.GetValueOrDefault(value) <= node.Index;

    /// <summary>The one node that reads a value, or null where several do, or an output or update does.</summary>
    internal Node? OnlyReader(Value value) => value.UsedOnce ? _readers.GetValueOrDefault(value) : null;
}
