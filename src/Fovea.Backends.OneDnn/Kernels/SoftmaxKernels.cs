using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Managed.Lines;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Softmax along any axis and its gradient: a kernel of our own, since oneDNN has an optimised one for some axes and layouts only.</summary>
internal static class SoftmaxKernels
{
    internal static void Forward(Node node, PlanBuilder plan) => Emit(node, plan, ((Softmax)node.Op).Axis, isGradient: false);

    internal static void Gradient(Node node, PlanBuilder plan) => Emit(node, plan, ((SoftmaxGradient)node.Op).Axis, isGradient: true);

    private static void Emit(Node node, PlanBuilder plan, int axis, bool isGradient)
    {
        var desc = plan.LayoutOf(node.Inputs[0]);
        var layout = LineGrid.Fits(desc, axis) ? desc : plan.Api.Plain(node.Result.Type.DType, node.Result.Shape);
        var lines = new LineGrid(layout, axis);
        var reads = node.Inputs.Select(input => plan.As(input, layout)).ToArray();
        plan.Emit(
            node, layout.DType == DType.Float32 ? new SoftmaxKernel<Float32Numbers>(lines, isGradient) : new SoftmaxKernel<BFloat16Numbers>(lines, isGradient),
            reads, [plan.Define(node.Result, layout)], inPlace: [.. reads.Select((_, i) => (i, 0))],
            new(() => new SoftmaxKernel<MixedNumbers>(lines, isGradient)) { LoadsAll = _ => layout.PaddedElements == layout.Dims.Elements });
    }
}
