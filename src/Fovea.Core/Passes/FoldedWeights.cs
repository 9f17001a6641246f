using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Passes;

/// <summary>The values that a pass has named (<see cref="Named"/>) and computes from other weights: the parameters of a folded graph.</summary>
internal sealed class FoldedWeights
{
    private readonly Graph _source;
    private readonly Func<string, string> _names;
    private readonly HashSet<Node> _named = [];
    private readonly HashSet<Node> _inside = [];

    /// <summary>Those of a graph; one that is only part of another does not count.</summary>
    /// <param name="source">The graph.</param>
    /// <param name="names">What they are called as parameters, by their names in the graph; null for the same.</param>
    internal FoldedWeights(Graph source, Func<string, string>? names = null)
    {
        (_source, _names) = (source, names ?? (label => label));
        var weights = WeightValues.Of(source);
        for (var i = source.Nodes.Count - 1; i >= 0; i--)
        {
            var node = source.Nodes[i];
            if (node.Op is Named && weights.Contains(node.Result) && !_inside.Contains(node)) _named.Add(node);
            if (_named.Contains(node) || _inside.Contains(node)) _inside.UnionWith(node.Inputs.Select(input => input.Node));
        }
    }

    /// <summary>The graph with a parameter for each, and without the variables that nothing reads any more.</summary>
    internal Graph Declared()
    {
        var read = Read();
        var to = new Remap(_source);
        foreach (var node in _source.Nodes)
        {
            if (_named.Contains(node)) to.Set(node, [to.Graph.Parameter(Label(node), node.Result.Shape, Initializer.Zeros)]);
            else if (read.Contains(node)) to.Copy(node);
        }

        to.Finish();
        return to.Graph;
    }

    /// <summary>Their values, computed in double from the original weights and rounded once.</summary>
    internal Dictionary<string, HostTensor> Evaluate(Func<Variable, HostTensor> original)
    {
        var to = new Remap(_source);
        foreach (var node in _source.Nodes)
            if (_inside.Contains(node) || _named.Contains(node)) to.Copy(node);
        foreach (var node in _named) to.Graph.Output(Label(node), to[node.Result]);
        var labels = to.Graph.Outputs.ToDictionary(output => output.Value, output => output.Name);
        var folded = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
        Interpreter.Run(to.Graph, variable => OracleTensor.From(original(variable)), (value, exact) => folded.Add(labels[value], exact.To(value.Type.DType)));
        return folded;
    }

    private string Label(Node node) => _names(((Named)node.Op).Label);

    /// <summary>The nodes that are read otherwise than to compute a folded weight, and the inputs.</summary>
    private HashSet<Node> Read()
    {
        var read = new HashSet<Node>(_source.Outputs.Select(output => output.Value.Node).Concat(_source.Updates.Select(update => update.Next.Node)));
        for (var i = _source.Nodes.Count - 1; i >= 0; i--)
        {
            var node = _source.Nodes[i];
            if (node.Op is Variable { Kind: VariableKind.Input }) read.Add(node);
            if (read.Contains(node) && !_named.Contains(node)) read.UnionWith(node.Inputs.Select(input => input.Node));
        }

        return read;
    }
}
