using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>Xception (Chollet 2016, arXiv:1610.02357 fig. 5); names and initialisers follow timm's <c>legacy_xception</c>.</summary>
internal static class Xception
{
    internal static IReadOnlyList<ModelRow> Rows { get; } =
        [InceptionRow.Of("legacy_xception", "xception", Build, "arXiv:1610.02357", crop: 0.8975) with { Aliases = ["xception"] }];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        x = x.Conv(s["conv1"], 32, kernel: 3, stride: 2, padding: 0).Norm(s["bn1"]).Relu();
        x = x.Conv(s["conv2"], 64, kernel: 3, padding: 0).Norm(s["bn2"]).Relu();
        x = Block(s["block1"], x, [128, 128], stride: 2, rectified: true);
        x = Block(s["block2"], x, [256, 256], stride: 2);
        x = Block(s["block3"], x, [728, 728], stride: 2);
        for (var i = 4; i < 12; i++) x = Block(s[$"block{i}"], x, [728, 728, 728], stride: 1);
        x = Block(s["block12"], x, [728, 1024], stride: 2);
        x = Separable(s["conv3"], x, 1536).Norm(s["bn3"]).Relu();
        x = Separable(s["conv4"], x, 2048).Norm(s["bn4"]).Relu();
        return x.Classifier(s["fc"], options);
    }

    /// <summary>ReLU, separable convolution and norm for each of the widths, max pooling where the stride is 2, and a shortcut.</summary>
    /// <remarks>The first ReLU is left out where x is rectified already.</remarks>
    private static Value Block(Scope s, Value x, int[] widths, int stride, bool rectified = false)
    {
        var skip = stride > 1 || widths[^1] != x.Shape.C ? x.Conv(s["skip"], widths[^1], kernel: 1, stride).Norm(s["skipbn"]) : x;
        var (rep, at) = (s["rep"], rectified ? 0 : 1);
        for (var i = 0; i < widths.Length; i++, at += 3)
            x = Separable(rep[at], i == 0 && rectified ? x : x.Relu(), widths[i]).Norm(rep[at + 1]);
        return (stride > 1 ? x.MaxPool(kernel: 3, stride, padding: 1) : x).Plus(skip);
    }

    private static Value Separable(Scope s, Value x, int channels) =>
        x.Conv(s["conv1"], x.Shape.C, kernel: 3, groups: x.Shape.C).Conv(s["pointwise"], channels, kernel: 1);
}
