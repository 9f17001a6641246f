using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>ResNet-18/34/50 (He et al. 2015, arXiv:1512.03385); names and initialisers follow torchvision.</summary>
/// <remarks>In a bottleneck the 3×3 convolution carries the stride, not the first 1×1 as in the paper: torchvision's and timm's «v1.5».</remarks>
internal static class ResNet
{
    /// <summary>The rows of table 1 of the paper.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("resnet18", Of([2, 2, 2, 2])),
        Row("resnet34", Of([3, 4, 6, 3])),
        Row("resnet50", Of([3, 4, 6, 3], bottleneck: true)),
    ];

    /// <summary>The catalogue's delegate for the given depths.</summary>
    internal static ModelBuilder Of(int[] depths, bool bottleneck = false) => (s, x, options) =>
    {
        x = x.Conv(s["conv1"], 64, kernel: 7, stride: 2).Norm(s["bn1"]).Relu().MaxPool(kernel: 3, stride: 2, padding: 1);
        for (var stage = 0; stage < depths.Length; stage++)
            for (var i = 0; i < depths[stage]; i++)
            {
                var (at, width, stride) = (s[$"layer{stage + 1}"][i], 64 << stage, stage > 0 && i == 0 ? 2 : 1);
                x = bottleneck ? Bottleneck(at, x, width, stride) : BasicBlock(at, x, width, stride);
            }

        return x.Classifier(s["fc"], options);
    };

    /// <summary>Two 3×3 convolutions around an identity (fig. 5, left).</summary>
    private static Value BasicBlock(Scope s, Value x, int width, int stride)
    {
        var y = x.Conv(s["conv1"], width, kernel: 3, stride).Norm(s["bn1"]).Relu();
        y = y.Conv(s["conv2"], width, kernel: 3).Norm(s["bn2"]);
        return y.Plus(Skip(s, x, width, stride)).Relu();
    }

    /// <summary>1×1, 3×3 and 1×1 convolutions around an identity (fig. 5, right); four times the width comes out.</summary>
    private static Value Bottleneck(Scope s, Value x, int width, int stride)
    {
        var y = x.Conv(s["conv1"], width, kernel: 1).Norm(s["bn1"]).Relu();
        y = y.Conv(s["conv2"], width, kernel: 3, stride).Norm(s["bn2"]).Relu();
        y = y.Conv(s["conv3"], 4 * width, kernel: 1).Norm(s["bn3"]);
        return y.Plus(Skip(s, x, 4 * width, stride)).Relu();
    }

    /// <summary>The identity, projected where its shape changes (option B).</summary>
    private static Value Skip(Scope s, Value x, int channels, int stride) =>
        stride != 1 || x.Shape.C != channels ? x.Conv(s["downsample"][0], channels, kernel: 1, stride).Norm(s["downsample"][1]) : x;

    private static ModelRow Row(string name, ModelBuilder builder) =>
        new(name, "resnet", builder) { Paper = "arXiv:1512.03385", Licence = "BSD-3-Clause" };
}
