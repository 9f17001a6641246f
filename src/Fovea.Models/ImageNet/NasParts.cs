using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>What the cells of NASNet and PNASNet are made of, as TensorFlow pads it; names and initialisers follow timm.</summary>
internal static class NasParts
{
    private const double Epsilon = 1e-3;

    /// <summary>The first layer: a 3×3 convolution of stride 2 without padding, and a norm.</summary>
    internal static Value Stem(Scope s, Value x) => Norm(s["bn"], x.TorchConv(s["conv"], 96, kernel: 3, stride: 2, padding: 0));

    /// <summary>ReLU, 1×1 convolution, norm.</summary>
    internal static Value Project(Scope s, Value x, int channels, int stride = 1) => Norm(s["bn"], x.Relu().TorchConv(s["conv"], channels, kernel: 1, stride));

    /// <summary>ReLU, separable convolution, norm, twice; the stride lies in the first.</summary>
    /// <remarks>By default there are as many channels as x has; a change lies in the first pointwise convolution.</remarks>
    internal static Value Separable(Scope s, Value x, int kernel, int stride = 1, int? channels = null)
    {
        var width = channels ?? x.Shape.C;
        x = Norm(s["bn_sep_1"], Part(s["separable_1"], x.Relu(), width, kernel, stride));
        return Norm(s["bn_sep_2"], Part(s["separable_2"], x.Relu(), width, kernel, stride: 1));
    }

    /// <summary>Half of the channels from the even pixels, half from the odd ones, concatenated and normed; x is rectified first.</summary>
    internal static Value Factorised(Scope s, Value x, int channels)
    {
        x = x.Relu();
        var even = x.TorchConv(s["path_1"]["conv"], channels / 2, kernel: 1, stride: 2);
        return Norm(s["final_path_bn"], even.Concat(axis: 1, OddPixels(x).TorchConv(s["path_2"]["conv"], channels / 2, kernel: 1)));
    }

    /// <summary>Every second pixel from the second on, as many as there are from the first on: beyond the edge lie zeros.</summary>
    internal static Value OddPixels(Value x)
    {
        for (var axis = 2; axis < 4; axis++)
        {
            if (x.Shape[axis] % 2 != 0) x = x.Pad(axis, before: 0, after: 1);
            x = x.Slice(axis, start: 1, x.Shape[axis] / 2, step: 2);
        }

        return x;
    }

    internal static Value Norm(Scope s, Value x) => x.Norm(s, Epsilon);

    internal static Value MaxPool(Value x, int stride) => x.MaxPool(kernelH: 3, kernelW: 3, SamePadding.Of(x.Shape, 3, stride));

    /// <summary>With stride 2, padding counts as zeros; with stride 1 it does not count.</summary>
    internal static Value AvgPool(Value x, int stride) => x.AvgPool(kernelH: 3, kernelW: 3, SamePadding.Of(x.Shape, 3, stride), countPadding: stride > 1);

    private static Value Part(Scope s, Value x, int channels, int kernel, int stride) =>
        x.TorchConv(s["depthwise_conv2d"], x.Shape.C, (kernel, kernel), SamePadding.Of(x.Shape, kernel, stride), groups: x.Shape.C)
            .TorchConv(s["pointwise_conv2d"], channels, kernel: 1);
}
