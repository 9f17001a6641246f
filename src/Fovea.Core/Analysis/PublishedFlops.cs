using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Analysis;

/// <summary>
/// The «Flops» of the published table of small RepVGG variants: not multiply-accumulates, but what a counter gives that takes the
/// width of an image for its channels.
/// </summary>
/// <remarks>
/// Convolution: R·S·H'·W'·K times the width of its input, where its channels per group are meant. Global pooling: C·(W + 1), where
/// C·(H·W + 1) is meant. Linear: inputs · outputs. To be shown as published beside the exact <see cref="ModelCost.Macs"/>, never instead.
/// </remarks>
public static class PublishedFlops
{
    /// <summary>The number for one image.</summary>
    public static long Of(Graph graph)
    {
        var forward = CostAnalysis.Forward(graph);
        return graph.Nodes.Where(forward.Contains).Sum(node => Of(node, forward));
    }

    private static long Of(Node node, HashSet<Node> forward)
    {
        var (x, y) = (node.Inputs[0].Shape, node.Result.Shape);
        return node.Op switch
        {
            Conv2d => node.Inputs[1].Shape is var w ? (long)w.H * w.W * y.H * y.W * y.C * x.W : 0,
            MatMul when OnChipMemory.IsLayer(node, forward) => node.Inputs[1].Shape.Elements,
            AvgPool when y.H == 1 && y.W == 1 => (long)x.C * (x.W + 1),
            _ => 0,
        };
    }
}
