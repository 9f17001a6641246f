using Fovea.Graphs;

namespace Fovea.Training.Steps;

/// <summary>Computes something once more, with other values in the place of some.</summary>
internal static class Regraft
{
    /// <summary>A value as it would be; what does not depend on the replaced values is not computed again. Random operations draw the same.</summary>
    /// <param name="value">What is computed.</param>
    /// <param name="replaced">Values of its graph, and what stands in their place.</param>
    internal static Value Of(Value value, IReadOnlyDictionary<Value, Value> replaced)
    {
        var (graph, to) = (value.Graph, new Dictionary<Value, Value>(replaced));
        for (var i = 0; i <= value.Node.Index; i++)
        {
            var node = graph.Nodes[i];
            if (!node.Inputs.Any(to.ContainsKey)) continue;
            var again = graph.AddNode(node.Op, [.. node.Inputs.Select(input => to.GetValueOrDefault(input, input))]);
            for (var r = 0; r < node.Results.Count; r++) to[node.Results[r]] = again.Results[r];
        }

        return to.GetValueOrDefault(value, value);
    }
}
