using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;
using static Fovea.Models.ImageNet.BlockLine;

namespace Fovea.Models.ImageNet;

/// <summary>MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381); names and initialisers follow timm.</summary>
internal static class MobileNetV2
{
    private const int Head = 1280;

    /// <summary>Table 2 of the paper.</summary>
    private static readonly BlockLine[][] s_stages =
    [
        [Separable(1, 3, 1, 16)],
        [Inverted(2, 3, 2, 6, 24)],
        [Inverted(3, 3, 2, 6, 32)],
        [Inverted(4, 3, 2, 6, 64)],
        [Inverted(3, 3, 1, 6, 96)],
        [Inverted(3, 3, 2, 6, 160)],
        [Inverted(1, 3, 1, 6, 320)],
    ];

    /// <summary>Widths as in the paper, and timm's deeper variants, whose ends keep their size.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("mobilenetv2_025", Of(0.25)),
        Row("mobilenetv2_035", Of(0.35)),
        Row("mobilenetv2_050", Of(0.5)),
        Row("mobilenetv2_075", Of(0.75)),
        Row("mobilenetv2_100", Of(1)),
        Row("mobilenetv2_110d", Of(1.1, depth: 1.2)),
        Row("mobilenetv2_120d", Of(1.2, depth: 1.4)),
        Row("mobilenetv2_140", Of(1.4)),
        Row("mobilenetv2_150", Of(1.5)),
        Row("mobilenetv2_200", Of(2)),
    ];

    /// <summary>The net for factors of channels and blocks.</summary>
    private static InvertedResidualNet Of(double width, double depth = 1)
    {
        var head = depth > 1 ? Head : Math.Max(Head, Channels.Divisible(Head * width));
        return new InvertedResidualNet(s_stages, Stem: 32, head) { Width = width, Depth = depth, FixesEnds = depth > 1, Act = Nodes.Relu6 };
    }

    private static ModelRow Row(string name, InvertedResidualNet net) =>
        new(name, "mobilenetv2", net.Builder)
        {
            Paper = "arXiv:1801.04381", Licence = "Apache-2.0", Interpolation = Interpolation.Bicubic, OtherNames = [MindCvNames.MobileNetV2(net)],
        };
}
