using Fovea.Graphs;

namespace Fovea.Passes;

/// <summary>A rewriting of graphs that says, node by node, what replaces it.</summary>
public abstract class Pass
{
    /// <summary>The name in dumps and messages, in snake_case.</summary>
    public abstract string Name { get; }

    /// <summary>Builds the rewritten graph; the source is left as it is.</summary>
    public virtual Graph Apply(Graph source)
    {
        var to = new Remap(source);
        Prepare(source);
        foreach (var node in source.Nodes)
        {
            if (Rewrite(node, to) is { } replaced) to.Set(node, replaced);
            else to.Copy(node);
        }

        to.Finish();
        return to.Graph;
    }

    /// <summary>Called once before the nodes; looks ahead where a rewriting needs more than the node at hand.</summary>
    protected virtual void Prepare(Graph source)
    {
    }

    /// <summary>The results that replace those of <paramref name="node"/>, in the new graph; null to keep the node.</summary>
    protected abstract Value[]? Rewrite(Node node, Remap to);
}

/// <summary>Where the values of a source graph are found in the graph that a pass builds.</summary>
public sealed class Remap(Graph source)
{
    private readonly Dictionary<Value, Value> _to = [];

    /// <summary>The graph that is being built.</summary>
    public Graph Graph { get; } = new(source.Name);

    /// <summary>The copy of a value of the source.</summary>
    public Value this[Value value] => _to.TryGetValue(value, out var copy)
        ? copy
        : throw new GraphException($"%{value.Id} of the source graph has no copy yet");

    /// <summary>Copies a node as it is.</summary>
    public void Copy(Node node)
    {
        if (node.Op is Variable variable)
        {
            _to[node.Result] = Graph.Declare(variable);
            return;
        }

        Set(node, [.. Graph.AddNode(node.Op, [.. node.Inputs.Select(input => this[input])]).Results]);
    }

    /// <summary>Says what the results of a node have become.</summary>
    public void Set(Node node, IReadOnlyList<Value> results)
    {
        if (results.Count != node.Results.Count) throw new GraphException($"{node} has {node.Results.Count} results; {results.Count} were given for it");
        for (var i = 0; i < results.Count; i++) _to[node.Results[i]] = results[i];
    }

    /// <summary>Carries outputs, updates and auxiliaries over; called once, when every node has been visited.</summary>
    /// <param name="keepsUpdate">Which variables change as they did; null, the default, for all.</param>
    public void Finish(Func<Variable, bool>? keepsUpdate = null)
    {
        foreach (var (name, value) in source.Outputs) Graph.Output(name, this[value]);
        foreach (var (variable, next) in source.Updates.Where(update => keepsUpdate is null || keepsUpdate(update.Variable.Variable!)))
            if (_to.TryGetValue(variable, out var v) && v.Variable is not null) Graph.Update(v, this[next]);
        foreach (var (name, value, lossWeight) in source.Auxiliaries)
            if (_to.TryGetValue(value, out var copy)) Graph.Auxiliary(name, copy, lossWeight);
    }
}
