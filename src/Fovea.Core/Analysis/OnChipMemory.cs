using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Analysis;

/// <summary>The on-chip memory of one layer under int8 inference.</summary>
/// <param name="Path">The module.</param>
/// <param name="Weights">Weights, one byte each.</param>
/// <param name="Biases">Biases, one byte each.</param>
/// <param name="Outputs">Results of one image: held as int32, and once more as the int8 input of the next layer.</param>
public sealed record LayerMemory(string Path, long Weights, long Biases, long Outputs)
{
    private const int AccumulatorBytes = 4;

    /// <summary>Weights + biases + 5 · outputs.</summary>
    public long Bytes => Weights + Biases + ((AccumulatorBytes + 1) * Outputs);

    /// <summary>The same in KiB (1024 bytes).</summary>
    public double Kibibytes => Bytes / 1024.0;
}

/// <summary>
/// The memory that an int8 accelerator holds while it computes one layer of one image: the layer's weights and bias as int8, its output
/// as int32, and that output again as int8 for the next layer.
/// </summary>
/// <remarks>
/// Layers are convolutions and linear layers; the rule is that of a published table of small RepVGG variants, which measures their
/// re-parameterised form. A norm after a layer counts as a bias, because it is folded into the layer before int8.
/// </remarks>
public static class OnChipMemory
{
    /// <summary>The layers in order.</summary>
    public static IReadOnlyList<LayerMemory> Of(Graph graph)
    {
        var forward = CostAnalysis.Forward(graph);
        var biases = Biases(graph, forward);
        return [.. graph.Nodes.Where(node => IsLayer(node, forward)).Select(node => new LayerMemory(
            node.Path, node.Inputs[1].Shape.Elements, biases.GetValueOrDefault(node.Result), node.Result.Shape.Elements / node.Result.Shape.N))];
    }

    /// <summary>The layer that needs most; the first of them, if several do.</summary>
    /// <exception cref="GraphException">The graph has no layer.</exception>
    public static LayerMemory Largest(Graph graph) =>
        Of(graph).MaxBy(layer => layer.Bytes) ?? throw new GraphException($"the graph '{graph.Name}' has neither a convolution nor a linear layer");

    internal static bool IsLayer(Node node, HashSet<Node> forward) =>
        node.Op is Conv2d or MatMul && forward.Contains(node) && !forward.Contains(node.Inputs[1].Node);

    /// <summary>The number of biases that are added to a layer's result, by that result.</summary>
    private static Dictionary<Value, long> Biases(Graph graph, HashSet<Node> forward)
    {
        var biases = new Dictionary<Value, long>();
        foreach (var node in graph.Nodes.Where(node => node.Op is Add or BatchNorm && IsLayer(node.Inputs[0].Node, forward)))
            if (!forward.Contains(node.Inputs[1].Node)) biases[node.Inputs[0]] = node.Inputs[1].Shape.Elements;
        return biases;
    }
}
