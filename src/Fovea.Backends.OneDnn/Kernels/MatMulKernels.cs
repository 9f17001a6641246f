using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Matrix products; a transposed operand is a matter of strides.</summary>
internal static class MatMulKernels
{
    internal static void Multiply(Node node, PlanBuilder plan)
    {
        var op = (MatMul)node.Op;
        var a = Operand(plan, node.Inputs[0], op.TransposeA);
        var b = Operand(plan, node.Inputs[1], op.TransposeB);
        var y = plan.Api.Plain(node.Result.Type.DType, node.Result.Shape);
        var desc = plan.Api.MatMul(a.Desc, b.Desc, bias: null, y)
            ?? throw new NativeException($"{node}: oneDNN {plan.Api.Library.Version} has no product of {a.Desc} and {b.Desc}");
        plan.Emit(
            node, node.Op.Name, desc, [(DnnlArg.DNNL_ARG_SRC, a), (DnnlArg.DNNL_ARG_WEIGHTS, b)], [(DnnlArg.DNNL_ARG_DST, plan.Define(node.Result, y))]);
    }

    private static Buffer Operand(PlanBuilder plan, Value value, bool transposed)
    {
        var plain = plan.Plain(value);
        if (!transposed) return plain;
        var rank = value.Shape.Rank;
        var strides = value.Shape.RowMajorStrides();
        (strides[rank - 1], strides[rank - 2]) = (strides[rank - 2], strides[rank - 1]);
        var seen = value.Shape.With(rank - 1, value.Shape[rank - 2]).With(rank - 2, value.Shape[rank - 1]);
        return plan.View(plain, plan.Api.Strided(value.Type.DType, seen, strides));
    }
}
