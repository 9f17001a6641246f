using System.Runtime.Intrinsics.X86;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed;
using Fovea.Backends.OneDnn.Managed.Winograd;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Convolutions 3×3 of stride 1 over few blocks of sixteen channels, and their gradients, by Winograd kernels of our own.</summary>
internal static class WinogradKernels
{
    private const int Block = ChannelColumns.Lanes;
    private const int MostChannels = 64;
    private const int FewestChannelsOfGradient = 32;
    private const int FewestTiles = 128;

    /// <summary>Lowers a convolution where the kernel is the faster way; otherwise does nothing.</summary>
    internal static bool Forward(Node node, Conv2d op, PlanBuilder plan) =>
        Suits(op.Window, op.Groups, node.Inputs[0].Type, node.Inputs[1].Shape, node.Result.Shape)
        && Emit(node, plan, op.Window.Top, op.Window.Left, ofGradient: false);

    /// <summary>The same for the gradient by the image, which is a convolution of dy with the kernel turned.</summary>
    internal static bool InputGradient(Node node, PlanBuilder plan)
    {
        var op = (Conv2dInputGradient)node.Op;
        return op.Window is { Top: <= 2, Left: <= 2 }
            && Suits(op.Window, op.Groups, node.Inputs[0].Type, node.Inputs[1].Shape, node.Result.Shape)
            && Emit(node, plan, 2 - op.Window.Top, 2 - op.Window.Left, ofGradient: true);
    }

    /// <summary>The same for the weight gradient, which has the layout that oneDNN's would have.</summary>
    internal static bool WeightGradient(Node node, PlanBuilder plan)
    {
        var op = (Conv2dWeightGradient)node.Op;
        var (dy, x) = (node.Inputs[0], node.Inputs[1]);
        if (!Suits(op.Window, op.Groups, x.Type, op.Weight, dy.Shape) || Math.Min(op.Weight.N, op.Weight.C) < FewestChannelsOfGradient) return false;
        using var own = ConvKernels.DescribeWeightGradient(node, plan);
        var layout = own.Query(DnnlArg.DNNL_ARG_DIFF_WEIGHTS)!;
        plan.Emit(
            node, new WinogradGradientKernel(x.Shape, dy.Shape, op.Window.Top, op.Window.Left, new WinogradWeights(layout, ofGradient: false)),
            [plan.As(dy, plan.Api.ChannelBlocks(DType.Float32, dy.Shape, Block)), plan.As(x, plan.Api.ChannelBlocks(DType.Float32, x.Shape, Block))],
            [plan.Define(node.Result, layout)]);
        return true;
    }

    private static bool Suits(Window2d window, int groups, TensorType x, Shape w, Shape y) =>
        Avx512F.IsSupported && x.DType == DType.Float32 && groups == 1 && (w.H, w.W) == (3, 3)
        && (window.StrideH, window.StrideW, window.DilationH, window.DilationW) == (1, 1, 1, 1)
        && w.N % Block == 0 && w.C % Block == 0 && Math.Max(w.N, w.C) <= MostChannels
        && (long)y.N * ((y.H + 1) / 2) * ((y.W + 1) / 2) >= FewestTiles;

    private static bool Emit(Node node, PlanBuilder plan, int top, int left, bool ofGradient)
    {
        var (x, w, y) = (node.Inputs[0], node.Inputs[1], node.Result);
        var weights = plan.Of(w);
        if (!weights.Desc.IsBlocked || weights.Desc.Dims != w.Shape) weights = plan.Plain(w);
        plan.Emit(
            node, new WinogradKernel(x.Shape, y.Shape, top, left, new WinogradWeights(weights.Desc, ofGradient)),
            [plan.As(x, plan.Api.ChannelBlocks(DType.Float32, x.Shape, Block)), weights],
            [plan.Define(y, plan.Api.ChannelBlocks(DType.Float32, y.Shape, Block))]);
        return true;
    }
}
