using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Quantised;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Fractions to integers of 8 bits and back. With one scale they keep the layout, where it has no padding; images become channels last, as products want.</summary>
internal static class QuantiseKernels
{
    internal static void Quantize(Node node, PlanBuilder plan)
    {
        var op = (Quantize)node.Op;
        var (x, rows) = Read(node, plan, op.Axis, DType.Float32);
        var y = plan.Define(node.Result, x.Desc.WithDType(op.DType));
        plan.Emit(node, new QuantizeKernel(rows, op.Low, op.High), [x, plan.Plain(node.Inputs[1]), plan.Plain(node.Inputs[2])], [y]);
    }

    internal static void Dequantize(Node node, PlanBuilder plan)
    {
        var type = node.Inputs[0].Type.DType;
        var (x, rows) = Read(node, plan, ((Dequantize)node.Op).Axis, type);
        var y = plan.Define(node.Result, x.Desc.WithDType(DType.Float32));
        plan.Emit(node, new DequantizeKernel(rows, type), [x, plan.Plain(node.Inputs[1]), plan.Plain(node.Inputs[2])], [y]);
    }

    private static (Buffer X, ScaledRows Rows) Read(Node node, PlanBuilder plan, int axis, DType type)
    {
        var (x, scales) = (node.Inputs[0], node.Inputs[1].Shape.Elements);
        if (scales > 1) return (plan.As(x, plan.Layouts.Plain(x.Type with { DType = type })), new(x.Shape.Elements, x.Shape.RowMajorStrides()[axis], scales));
        return (plan.As(x, Dense(x, plan).WithDType(type)), new(x.Shape.Elements, x.Shape.Elements, 1));
    }

    private static MemoryDesc Dense(Value x, PlanBuilder plan)
    {
        var own = plan.LayoutOf(x);
        if (x.Shape.Rank == 4) return own.IsPlain || own.IsChannelsLast || !IsDense(own) ? plan.Api.ChannelsLast(x.Type.DType, x.Shape) : own;
        return IsDense(own) ? own : plan.Layouts.Plain(x.Type);
    }

    private static bool IsDense(MemoryDesc desc) => desc.IsBlocked && desc.Layout is { IsDense: true, Offset: 0 } && desc.PaddedElements == desc.Dims.Elements;
}
