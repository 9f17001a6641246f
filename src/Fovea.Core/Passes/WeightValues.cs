using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Passes;

/// <summary>The values of a graph that are computed from parameters, state and constants alone.</summary>
internal sealed class WeightValues
{
    private readonly HashSet<Node> _nodes = [];

    private WeightValues()
    {
    }

    /// <summary>None at all.</summary>
    internal static WeightValues None { get; } = new();

    /// <summary>Those of a graph.</summary>
    internal static WeightValues Of(Graph graph)
    {
        var weights = new WeightValues();
        foreach (var node in graph.Nodes)
        {
            var isWeight = node.Op switch
            {
                Variable variable => variable.Kind is VariableKind.Parameter or VariableKind.State,
                Constant => true,
                _ => node.Inputs.Count > 0 && node.Inputs.All(input => weights._nodes.Contains(input.Node)),
            };
            if (isWeight) weights._nodes.Add(node);
        }

        return weights;
    }

    /// <summary>Whether a value is one of them.</summary>
    internal bool Contains(Value value) => _nodes.Contains(value.Node);
}
