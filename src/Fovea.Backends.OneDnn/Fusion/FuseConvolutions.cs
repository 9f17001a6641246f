using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>Joins a convolution with the bias, the residual and the activation that alone read it, one at a time until nothing is left.</summary>
/// <param name="joins">Whether the product computes a function on its results.</param>
internal sealed class FuseConvolutions(Func<Pointwise, bool> joins) : Pass
{
    public override string Name => "fuse_convolutions";

    protected override Value[]? Rewrite(Node node, Remap to) => node switch
    {
        { Op: Conv2d conv } => [to.Graph.Add(new FusedConv2d(conv, false, false, null), to[node.Inputs[0]], to[node.Inputs[1]])],
        { Op: Add, Inputs: [{ UsedOnce: true, Op: FusedConv2d { HasBias: false, HasSum: false, Activation: null } fused } y, var b] }
            when BiasOf(b, y.Shape.C) is { } bias => [to.Graph.Add(fused with { HasBias = true }, [.. Copies(y, to), to[bias]])],
        { Op: Add, Inputs: [var a, var b] } when a.Type == b.Type => Residual(a, b, to) ?? Residual(b, a, to),
        { Op: Pointwise act, Inputs: [{ UsedOnce: true, Op: FusedConv2d { Activation: null } fused } y] } when joins(act) =>
            [to.Graph.Add(fused with { Activation = act }, Copies(y, to))],
        _ => null,
    };

    private static Value[]? Residual(Value y, Value other, Remap to)
    {
        if (y is not { UsedOnce: true, Op: FusedConv2d { HasSum: false, Activation: null } fused }) return null;
        return other.Node.Index < y.Node.Index ? [to.Graph.Add(fused with { HasSum = true }, [.. Copies(y, to), to[other]])] : null;
    }

    /// <summary>The vector [C] that is added to each channel when b is its reshaping to [1, C, 1, 1].</summary>
    private static Value? BiasOf(Value b, int channels)
    {
        while (b.Op is Cast) b = b.Node.Inputs[0];
        var isPerChannel = b is { Op: Reshape, Type.DType.IsFloat: true } && b.Shape == new Shape(1, channels, 1, 1);
        return isPerChannel && b.Node.Inputs[0].Shape == new Shape(channels) ? b.Node.Inputs[0] : null;
    }

    private static Value[] Copies(Value y, Remap to) => [.. y.Node.Inputs.Select(input => to[input])];
}
