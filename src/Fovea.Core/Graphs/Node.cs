namespace Fovea.Graphs;

/// <summary>An operation applied to values.</summary>
public sealed class Node
{
    private readonly Value[] _inputs;
    private readonly Value[] _results;

    internal Node(Graph graph, int index, Op op, Value[] inputs, ReadOnlySpan<Tensors.TensorType> results, int firstId)
    {
        Graph = graph;
        Index = index;
        Op = op;
        _inputs = inputs;
        _results = new Value[results.Length];
        for (var i = 0; i < results.Length; i++) _results[i] = new Value(this, i, firstId + i, results[i]);
        Path = PathOf(op, inputs);
    }

    /// <summary>The graph that owns the node.</summary>
    public Graph Graph { get; }

    /// <summary>The position in <see cref="Graph.Nodes"/>, which is a topological order.</summary>
    public int Index { get; }

    /// <summary>What is computed.</summary>
    public Op Op { get; }

    /// <summary>What it is computed from.</summary>
    public IReadOnlyList<Value> Inputs => _inputs;

    /// <summary>What it computes.</summary>
    public IReadOnlyList<Value> Results => _results;

    /// <summary>The only result of a node that has one, otherwise the first.</summary>
    public Value Result => _results[0];

    /// <summary>
    /// The module it belongs to, as in <c>layer2.0.conv1</c>: that of its first parameter, or else that of what it is computed from.
    /// </summary>
    public string Path { get; }

    /// <summary>For example <c>layer2.0.conv1 (conv2d)</c>.</summary>
    public override string ToString() => Path.Length > 0 ? $"{Path} ({Op.Name})" : Op.Name;

    private static string PathOf(Op op, Value[] inputs)
    {
        if (op is Variable variable) return Variable.ModuleOf(variable.Label);
        foreach (var input in inputs)
            if (input.Variable is { Kind: VariableKind.Parameter or VariableKind.State }) return input.Node.Path;
        foreach (var input in inputs)
            if (input.Node.Path.Length > 0) return input.Node.Path;
        return "";
    }
}
