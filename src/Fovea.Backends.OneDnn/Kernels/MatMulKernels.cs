using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Matrix products; transposed and cut operands, and a result that is transposed, are a matter of strides where oneDNN permits them.</summary>
internal static class MatMulKernels
{
    internal static void Multiply(Node node, PlanBuilder plan)
    {
        var fused = node.Op as FusedMatMul ?? new FusedMatMul((MatMul)node.Op, HasBias: false, Activation: null);
        var bias = fused.HasBias ? plan.Aligned(node.Inputs[2], node.Result.Shape.Rank) : null;
        var (a, b) = (Operand(plan, node.Inputs[0], fused.Product.TransposeA, strided: true),
            Operand(plan, node.Inputs[1], fused.Product.TransposeB, strided: true));
        var result = plan.ForTranspose(node.Result);
        var desc = Describe(node, plan, fused, a, b, bias, result?.Desc);
        if (desc is null)
        {
            (a, b) = (Operand(plan, node.Inputs[0], fused.Product.TransposeA, strided: false),
                Operand(plan, node.Inputs[1], fused.Product.TransposeB, strided: false));
            result = null;
            desc = Describe(node, plan, fused, a, b, bias, y: null) ?? plan.Api.MatMul(a.Desc, b.Desc, bias?.Desc, Plain(node, plan), Post(fused))
                ?? throw new NativeException($"{node}: oneDNN {plan.Api.Library.Version} has no product of {a.Desc} and {b.Desc}");
        }

        List<(int, Buffer)> reads = [(DnnlArg.DNNL_ARG_SRC, a), (DnnlArg.DNNL_ARG_WEIGHTS, b)];
        if (bias is not null) reads.Add((DnnlArg.DNNL_ARG_BIAS, bias));
        var y = result is null ? plan.Define(node.Result, Plain(node, plan)) : plan.Let(node.Result, result);
        plan.Emit(node, node.Op.Name, desc, [.. reads], [(DnnlArg.DNNL_ARG_DST, y)]);
    }

    /// <summary>Whether the library has an optimised product for the operands of a node as they are.</summary>
    internal static bool Has(Node node, DnnlApi api)
    {
        var fused = (FusedMatMul)node.Op;
        var y = node.Result.Type;
        var bias = fused.HasBias
            ? api.Plain(DType.Float32, new Shape([.. Enumerable.Repeat(1, y.Shape.Rank - 1), y.Shape[y.Shape.Rank - 1]]))
            : null;
        return Precisions.IsFast(api.MatMul(
            Operand(api, node.Inputs[0].Type, fused.Product.TransposeA), Operand(api, node.Inputs[1].Type, fused.Product.TransposeB), bias,
            api.Plain(y.DType, y.Shape), Post(fused)));
    }

    private static MemoryDesc Operand(DnnlApi api, TensorType type, bool transposed)
    {
        var strides = type.Shape.RowMajorStrides();
        return transposed ? Transposed(api, type, strides) : api.Strided(type.DType, type.Shape, strides);
    }

    private static MemoryDesc Transposed(DnnlApi api, TensorType type, long[] strides)
    {
        var (shape, last) = (type.Shape, type.Shape.Rank - 1);
        (strides[last], strides[last - 1]) = (strides[last - 1], strides[last]);
        return api.Strided(type.DType, shape.With(last, shape[last - 1]).With(last - 1, shape[last]), strides);
    }

    /// <summary>The primitive, or null where only a slow one takes these layouts.</summary>
    private static PrimitiveDesc? Describe(Node node, PlanBuilder plan, FusedMatMul fused, Buffer a, Buffer b, Buffer? bias, MemoryDesc? y)
    {
        var desc = plan.Api.MatMul(a.Desc, b.Desc, bias?.Desc, y ?? Plain(node, plan), Post(fused));
        if (desc is null || !desc.Implementation.StartsWith("ref", StringComparison.Ordinal)) return desc;
        desc.Dispose();
        return null;
    }

    private static Attributes Post(FusedMatMul fused)
    {
        if (fused.Activation is not { } activation) return Attributes.None;
        var (kind, alpha, beta) = Pointwises.Eltwise(activation)!.Value;
        return Attributes.None.WithEltwise(kind, alpha, beta);
    }

    private static MemoryDesc Plain(Node node, PlanBuilder plan) => plan.Api.Plain(node.Result.Type.DType, node.Result.Shape);

    private static Buffer Operand(PlanBuilder plan, Value value, bool transposed, bool strided)
    {
        var held = strided && plan.IsStrided(value) ? plan.Seen(value) : plan.Plain(value);
        var (rank, strides) = (value.Shape.Rank, held.Desc.Layout.Strides.ToArray());
        if (strides[rank - 1] != 1 && strides[rank - 2] != 1) strides = (held = plan.Plain(value)).Desc.Layout.Strides.ToArray();
        return transposed ? plan.View(held, Transposed(plan.Api, value.Type, strides)) : held;
    }
}
