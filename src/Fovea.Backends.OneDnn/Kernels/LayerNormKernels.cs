using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Lines;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Layer normalisation in the layout that x has: oneDNN 2.6 has no optimised one for all of them.</summary>
internal static class LayerNormKernels
{
    internal static void Forward(Node node, PlanBuilder plan)
    {
        var op = (LayerNorm)node.Op;
        var layout = Layout(plan, node.Inputs[0], op.Axis);
        var lines = new LineGrid(layout, op.Axis);
        plan.Emit(
            node,
            layout.DType == DType.Float32 ? new LayerNormKernel<Float32Numbers>(lines, op.Epsilon) : new LayerNormKernel<BFloat16Numbers>(lines, op.Epsilon),
            [plan.As(node.Inputs[0], layout), plan.Plain(node.Inputs[1]), plan.Plain(node.Inputs[2])], [plan.Define(node.Result, layout)], inPlace: [(0, 0)],
            new(() => new LayerNormKernel<MixedNumbers>(lines, op.Epsilon)) { LoadsAll = _ => layout.PaddedElements == layout.Dims.Elements });
    }

    internal static void Gradient(Node node, PlanBuilder plan)
    {
        var op = (LayerNormGradient)node.Op;
        var layout = Layout(plan, node.Inputs[0], op.Axis);
        var lines = new LineGrid(layout, op.Axis);
        plan.Emit(
            node,
            layout.DType == DType.Float32
                ? new LayerNormGradientKernel<Float32Numbers>(lines, op.Epsilon)
                : new LayerNormGradientKernel<BFloat16Numbers>(lines, op.Epsilon),
            [plan.As(node.Inputs[0], layout), plan.Plain(node.Inputs[1]), plan.As(node.Inputs[2], layout)],
            [.. node.Results.Select((result, i) => plan.Define(result, i == 0 ? layout : plan.Layouts.Plain(result.Type)))], inPlace: [(0, 0), (2, 0)],
            new(() => new LayerNormGradientKernel<MixedNumbers>(lines, op.Epsilon)) { LoadsAll = _ => layout.PaddedElements == layout.Dims.Elements });
    }

    private static MemoryDesc Layout(PlanBuilder plan, Value x, int axis)
    {
        var desc = plan.LayoutOf(x);
        if (LineGrid.Fits(desc, axis) && !(desc.IsPlain && axis == 1 && x.Shape.Rank == 4)) return desc;
        return axis == 1 && x.Shape.Rank == 4 ? plan.Api.ChannelsLast(x.Type.DType, x.Shape) : plan.Api.Plain(x.Type.DType, x.Shape);
    }
}
