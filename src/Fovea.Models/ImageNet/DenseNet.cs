using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>DenseNet-BC (Huang et al. 2016, arXiv:1608.06993); names and initialisers follow torchvision and timm.</summary>
internal static class DenseNet
{
    /// <summary>The width of a layer's 1×1 convolution as a multiple of the growth.</summary>
    private const int Bottleneck = 4;

    /// <summary>The names in the weight files that torchvision published, older than its module names.</summary>
    internal static readonly NameMap Torchvision = new(
        "torchvision", ("norm.1", "norm1"), ("conv.1", "conv1"), ("norm.2", "norm2"), ("conv.2", "conv2"));

    /// <summary>The rows of table 1 of the paper; 161 is the authors' wide one.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("densenet121", [6, 12, 24, 16], growth: 32),
        Row("densenet161", [6, 12, 36, 24], growth: 48),
        Row("densenet169", [6, 12, 32, 32], growth: 32),
        Row("densenet201", [6, 12, 48, 32], growth: 32),
        Row("densenet264", [6, 12, 64, 48], growth: 32),
    ];

    private static ModelRow Row(string name, int[] depths, int growth) => new(name, "densenet", (s, x, options) => Build(s, x, options, depths, growth))
    {
        Paper = "arXiv:1608.06993",
        Licence = "Apache-2.0",
        Interpolation = Interpolation.Bicubic,
        OtherNames = [Torchvision, PaddleClasNames.DenseNet, MindCvNames.DenseNet],
    };

    private static Value Build(Scope s, Value x, ModelOptions options, int[] depths, int growth)
    {
        var f = s["features"];
        x = Conv(f["conv0"], x, 2 * growth, kernel: 7, stride: 2).Norm(f["norm0"]).Relu().MaxPool(kernel: 3, stride: 2, padding: 1);
        for (var block = 1; block <= depths.Length; block++)
        {
            for (var i = 1; i <= depths[block - 1]; i++) x = x.Concat(1, Layer(f[$"denseblock{block}"][$"denselayer{i}"], x, growth));
            if (block < depths.Length) x = Transition(f[$"transition{block}"], x);
        }

        return x.Norm(f["norm5"]).Relu().Classifier(s["classifier"], options, biasInitial: Initializer.Zeros);
    }

    /// <summary>Norm, 1×1, norm, 3×3 (§3, «DenseNet-B»): the channels that a layer adds.</summary>
    private static Value Layer(Scope s, Value x, int growth)
    {
        x = Conv(s["conv1"], x.Norm(s["norm1"]).Relu(), Bottleneck * growth, kernel: 1);
        return Conv(s["conv2"], x.Norm(s["norm2"]).Relu(), growth, kernel: 3);
    }

    /// <summary>Half of the channels, a quarter of the pixels (§3, «DenseNet-C»).</summary>
    private static Value Transition(Scope s, Value x) => Conv(s["conv"], x.Norm(s["norm"]).Relu(), x.Shape.C / 2, kernel: 1).AvgPool(kernel: 2, stride: 2);

    private static Value Conv(Scope s, Value x, int channels, int kernel, int stride = 1) =>
        x.Conv(s, channels, kernel, stride, initial: Initializer.KaimingFanIn);
}
