using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>Joins a training batch-norm with the ReLU that alone reads it, and their gradients likewise.</summary>
internal sealed class FuseBatchNormRelu : Pass
{
    public override string Name => "fuse_batch_norm_relu";

    protected override Value[]? Rewrite(Node node, Remap to) => node switch
    {
        { Op: BatchNormTraining norm } when IsRectified(node) =>
            [.. to.Graph.AddNode(new BatchNormReluTraining(norm), Copies(node, to)).Results],
        { Op: Relu, Inputs: [{ Op: BatchNormTraining, Index: 0, UsedOnce: true } x] } => [to[x]],
        { Op: BatchNormGradient norm, Inputs: [_, _, _, _, _, { UsedOnce: true, Op: PointwiseGradient { Of: Relu } } masked] }
            when NormUnder(masked) is { } forward && forward.Inputs[0] == node.Inputs[0] && IsRectified(forward) =>
            [.. to.Graph.AddNode(
                new BatchNormReluGradient(norm), [.. Copies(node, to)[..5], to[masked.Node.Inputs[0]], to[masked.Node.Inputs[1]]]).Results],
        _ => null,
    };

    private static bool IsRectified(Node norm) =>
        norm.Result.UsedOnce && norm.Graph.Nodes.Any(user => user.Op is Relu && user.Inputs[0] == norm.Result);

    /// <summary>The batch-norm whose rectified result a ReLU gradient reads.</summary>
    private static Node? NormUnder(Value masked) =>
        masked.Node.Inputs[0].Node is { Op: Relu } relu && relu.Inputs[0] is { Op: BatchNormTraining, Index: 0 } x ? x.Node : null;

    private static Value[] Copies(Node node, Remap to) => [.. node.Inputs.Select(input => to[input])];
}
