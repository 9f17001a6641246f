using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>Joins a matrix product with the bias and the function that alone read it.</summary>
/// <param name="joins">Whether the product computes a function on its results.</param>
internal sealed class FuseMatMuls(Func<Pointwise, bool> joins) : Pass
{
    public override string Name => "fuse_mat_muls";

    protected override Value[]? Rewrite(Node node, Remap to) => node switch
    {
        { Op: MatMul product } => [to.Graph.Add(new FusedMatMul(product, HasBias: false, Activation: null), to[node.Inputs[0]], to[node.Inputs[1]])],
        { Op: Add, Inputs: [{ UsedOnce: true, Op: FusedMatMul { HasBias: false, Activation: null } fused } y, var b] } when BiasOf(b, y) is { } bias =>
            [to.Graph.Add(fused with { HasBias = true }, [.. Copies(y, to), to[bias]])],
        { Op: Pointwise act, Inputs: [{ UsedOnce: true, Op: FusedMatMul { Activation: null } fused } y] } when joins(act) =>
            [to.Graph.Add(fused with { Activation = act }, Copies(y, to))],
        _ => null,
    };

    /// <summary>b, or what it is cast from, where it is one float32 number a column.</summary>
    private static Value? BiasOf(Value b, Value y)
    {
        while (b.Op is Cast) b = b.Node.Inputs[0];
        return b.Type == TensorType.F32(y.Shape[y.Shape.Rank - 1]) ? b : null;
    }

    private static Value[] Copies(Value y, Remap to) => [.. y.Node.Inputs.Select(input => to[input])];
}
