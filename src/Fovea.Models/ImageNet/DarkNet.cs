using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>Darknet-53 (Redmon and Farhadi 2018, arXiv:1804.02767) and its cross stage partial form; names and initialisers follow timm.</summary>
internal static class DarkNet
{
    private const double Slope = 0.01;

    private static readonly int[] s_depths53 = [1, 2, 8, 8, 4];

    /// <summary>Table 1 of YOLOv3, timm's smaller two, and CSPDarknet-53 (Wang et al. 2019, arXiv:1911.11929).</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cspdarknet53", (s, x, options) => Build(s, x, options, s_depths53, PartialStage)) with { Paper = "arXiv:1911.11929" },
        Row("darknet17", (s, x, options) => Build(s, x, options, [1, 1, 1, 1, 1], Stage)),
        Row("darknet21", (s, x, options) => Build(s, x, options, [1, 1, 1, 2, 2], Stage)),
        Row("darknet53", (s, x, options) => Build(s, x, options, s_depths53, Stage)) with { Interpolation = Interpolation.Bicubic },
    ];

    private delegate Value StageBuilder(Scope s, Value x, int channels, int depth, bool isFirst);

    private static ModelRow Row(string name, ModelBuilder builder) => new(name, "darknet", builder)
    {
        ImageSize = 256,
        CropFraction = 0.887,
        Paper = "arXiv:1804.02767",
        Licence = "Apache-2.0",
    };

    private static Value Build(Scope s, Value x, ModelOptions options, int[] depths, StageBuilder stage)
    {
        x = Conv(s["stem.conv1"], x, 32, kernel: 3);
        for (var i = 0; i < depths.Length; i++) x = stage(s["stages"][i], x, 64 << i, depths[i], i == 0);
        return x.Classifier(s["head.fc"], options, new Initializer.Normal(0.01), Initializer.Zeros);
    }

    /// <summary>Half of the resolution, then blocks with half of the channels inside.</summary>
    private static Value Stage(Scope s, Value x, int channels, int depth, bool isFirst)
    {
        x = Conv(s["conv_down"], x, channels, kernel: 3, stride: 2);
        for (var i = 0; i < depth; i++) x = Block(s["blocks"][i], x, channels / 2);
        return x;
    }

    /// <summary>
    /// The same with one half of the channels led past the blocks (arXiv:1911.11929, fig. 2b); the first stage has twice the channels inside.
    /// </summary>
    private static Value PartialStage(Scope s, Value x, int channels, int depth, bool isFirst)
    {
        var half = isFirst ? channels : channels / 2;
        x = Conv(s["conv_exp"], Conv(s["conv_down"], x, channels, kernel: 3, stride: 2), 2 * half, kernel: 1);
        var (passed, y) = (x.Slice(1, 0, half), x.Slice(1, half, half));
        for (var i = 0; i < depth; i++) y = Block(s["blocks"][i], y, isFirst ? half / 2 : half);
        y = Conv(s["conv_transition_b"], y, half, kernel: 1);
        return Conv(s["conv_transition"], passed.Concat(1, y), channels, kernel: 1);
    }

    /// <summary>1×1 and 3×3 convolutions around an identity, which starts as nothing else.</summary>
    private static Value Block(Scope s, Value x, int inner)
    {
        var y = Conv(s["conv1"], x, inner, kernel: 1);
        return Conv(s["conv2"], y, x.Shape.C, kernel: 3, norm: Initializer.Zeros).Plus(x);
    }

    private static Value Conv(Scope s, Value x, int channels, int kernel, int stride = 1, Initializer? norm = null) =>
        x.Conv(s["conv"], channels, kernel, stride).Norm(s["bn"], weight: norm).LeakyRelu(Slope);
}
