using System.Runtime.Intrinsics.X86;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed;
using Fovea.Backends.OneDnn.Managed.Winograd;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Kernels;

/// <summary>Gradients of 3×3 convolutions of stride 1 over few blocks of sixteen channels, by Winograd kernels of our own.</summary>
/// <remarks>
/// Not the convolutions themselves: their sums would be rounded once more, and a ReLU that flips for it moves gradient norms by 1e-3, which
/// rounding in a gradient does not.
/// </remarks>
internal static class WinogradKernels
{
    private const int Block = ChannelColumns.Lanes;
    private const int MostChannels = 64;
    private const int FewestForWeights = 32;
    private const int FewestTiles = 128;

    /// <summary>Lowers the gradient by the image, a convolution of dy with the kernel turned, where this is the faster way; otherwise does nothing.</summary>
    internal static bool InputGradient(Node node, PlanBuilder plan)
    {
        var op = (Conv2dInputGradient)node.Op;
        var (dy, w, dx) = (node.Inputs[0], node.Inputs[1], node.Result);
        if (op.Window is not { Top: <= 2, Left: <= 2 } || !Suits(op.Window, op.Groups, dy.Type, w.Shape, dx.Shape)) return false;
        var weights = plan.Of(w);
        if (!weights.Desc.IsBlocked || weights.Desc.Dims != w.Shape) weights = plan.Plain(w);
        plan.Emit(
            node, new WinogradKernel(dy.Shape, dx.Shape, 2 - op.Window.Top, 2 - op.Window.Left, new WinogradWeights(weights.Desc, isTurned: true)),
            [Blocked(dy, plan), weights], [plan.Define(dx, plan.Api.ChannelBlocks(DType.Float32, dx.Shape, Block))]);
        return true;
    }

    /// <summary>The same for the weight gradient, which has the layout that oneDNN's would have.</summary>
    internal static bool WeightGradient(Node node, PlanBuilder plan)
    {
        var op = (Conv2dWeightGradient)node.Op;
        var (dy, x) = (node.Inputs[0], node.Inputs[1]);
        if (!Suits(op.Window, op.Groups, x.Type, op.Weight, dy.Shape) || Math.Min(op.Weight.N, op.Weight.C) < FewestForWeights) return false;
        using var own = ConvKernels.DescribeWeightGradient(node, plan);
        var layout = own.Query(DnnlArg.DNNL_ARG_DIFF_WEIGHTS)!;
        plan.Emit(
            node, new WinogradGradientKernel(x.Shape, dy.Shape, op.Window.Top, op.Window.Left, new WinogradWeights(layout, isTurned: false)),
            [Blocked(dy, plan), Blocked(x, plan)], [plan.Define(node.Result, layout)]);
        return true;
    }

    private static bool Suits(Window2d window, int groups, TensorType x, Shape w, Shape y) =>
        Avx512F.IsSupported && x.DType == DType.Float32 && groups == 1 && (w.H, w.W) == (3, 3)
        && (window.StrideH, window.StrideW, window.DilationH, window.DilationW) == (1, 1, 1, 1)
        && w.N % Block == 0 && w.C % Block == 0 && Math.Max(w.N, w.C) <= MostChannels
        && (long)y.N * ((y.H + 1) / 2) * ((y.W + 1) / 2) >= FewestTiles;

    private static Buffer Blocked(Value image, PlanBuilder plan) => plan.As(image, plan.Api.ChannelBlocks(DType.Float32, image.Shape, Block));
}
