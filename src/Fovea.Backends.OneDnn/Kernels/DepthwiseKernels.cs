using System.Runtime.Intrinsics.X86;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Weight gradients of depthwise convolutions where oneDNN would multiply matrices of one row: a kernel of our own.</summary>
internal static class DepthwiseKernels
{
    private const int Block = ChannelColumns.Lanes;

    /// <summary>The layout in which our kernel gives the gradient, the one that the forward pass wants; null where oneDNN's own code is better.</summary>
    internal static MemoryDesc? WeightLayout(Node node, PlanBuilder plan)
    {
        var op = (Conv2dWeightGradient)node.Op;
        var (dy, x) = (node.Inputs[0], node.Inputs[1]);
        if (op.Groups == 1 || op.Weight.C != 1 || op.Weight.N != op.Groups || !Avx512F.IsSupported) return null;
        using (var own = ConvKernels.DescribeWeightGradient(node, plan))
            if (own.Implementation.Contains("dw", StringComparison.Ordinal)) return null;
        using var forward = plan.Api.ConvolutionForward(
            Propagation.Training, ConvolutionAlgorithm.Direct, plan.Api.ChannelBlocks(x.Type.DType, x.Shape, Block),
            ConvKernels.AnyWeights(plan.Api, x.Type.DType, op.Weight, op.Groups), bias: null, plan.Api.ChannelBlocks(dy.Type.DType, dy.Shape, Block),
                ConvKernels.Window(op.Window));
        var layout = forward?.Query(DnnlArg.DNNL_ARG_WEIGHTS);
        return layout is { IsBlocked: true, Layout: { InnerBlocks: [Block], InnerAxes: [0], IsDense: true } } ? layout.WithDType(DType.Float32) : null;
    }

    internal static void WeightGradient(Node node, PlanBuilder plan, MemoryDesc layout)
    {
        var op = (Conv2dWeightGradient)node.Op;
        var (dy, x) = (node.Inputs[0], node.Inputs[1]);
        plan.Emit(
            node,
            x.Type.DType == DType.Float32
                ? new DepthwiseGradientKernel<Float32Numbers>(op, x.Shape, dy.Shape)
                : new DepthwiseGradientKernel<BFloat16Numbers>(op, x.Shape, dy.Shape),
            [plan.As(dy, plan.Api.ChannelBlocks(dy.Type.DType, dy.Shape, Block)), plan.As(x, plan.Api.ChannelBlocks(x.Type.DType, x.Shape, Block))],
            [plan.Define(node.Result, layout)]);
    }
}
