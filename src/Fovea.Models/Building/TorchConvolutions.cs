using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Building;

/// <summary>Convolutions with kernels of any shape, which start as PyTorch's do: weight and bias uniform in ±1/√fan-in.</summary>
internal static class TorchConvolutions
{
    /// <summary>A square kernel; by default padded so that stride 1 keeps the size.</summary>
    internal static Value TorchConv(
        this Value x, Scope s, int channels, int kernel, int stride = 1, int? padding = null, int groups = 1, bool bias = false, Initializer? initial = null) =>
        x.TorchConv(s, channels, (kernel, kernel), Window2d.Of(stride, padding ?? kernel / 2), groups, bias, initial);

    /// <summary>A kernel of any height and width in a window.</summary>
    internal static Value TorchConv(
        this Value x, Scope s, int channels, (int H, int W) kernel, Window2d window, int groups = 1, bool bias = false, Initializer? initial = null)
    {
        initial ??= Initializer.FanInUniform;
        var weight = new Shape(channels, x.Shape.C / groups, kernel.H, kernel.W);
        var y = x.Conv2d(s.Parameter("weight", weight, initial), window, groups);
        return bias ? y.PlusChannels(s.Parameter("bias", new Shape(channels), Layers.BiasBeside(initial, weight))) : y;
    }

    /// <summary>A depthwise convolution, <c>depthwise</c>, and a 1×1 convolution, <c>pointwise</c>; names may differ.</summary>
    internal static Value Separable(
        this Value x, Scope s, int channels, int kernel, int stride = 1, string depthwise = "depthwise", string pointwise = "pointwise") =>
        x.TorchConv(s[depthwise], x.Shape.C, kernel, stride, groups: x.Shape.C).TorchConv(s[pointwise], channels, kernel: 1);
}
