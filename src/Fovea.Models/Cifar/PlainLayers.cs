using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>Layers that most of the nets for small images share, started as PyTorch's are when a model leaves them alone.</summary>
internal static class PlainLayers
{
    /// <summary>A convolution; weight and bias are uniform in ±1/√fan-in, unless <paramref name="initial"/> says otherwise for the weight.</summary>
    internal static Value PlainConv(
        this Value x, Scope s, int channels, int kernel, int stride = 1, int? padding = null, int groups = 1, bool bias = false, Initializer? initial = null) =>
        Declared.Conv(s, x.Shape.C, channels, kernel, stride, padding, groups, bias, initial)(x);

    /// <summary>A convolution, a norm and a ReLU.</summary>
    internal static Value ConvNormRelu(
        this Value x, Scope conv, Scope norm, int channels, int kernel, int stride = 1, int groups = 1, bool bias = false, Initializer? initial = null) =>
        x.PlainConv(conv, channels, kernel, stride, groups: groups, bias: bias, initial: initial).Norm(norm).Relu();

    /// <summary>The largest element of each channel: [N, C, H, W] → [N, C, 1, 1].</summary>
    internal static Value GlobalMaxPool(this Value x) => x.MaxPool(x.Shape.H, x.Shape.W, Window2d.Of());
}
