using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>MobileNet (Howard et al. 2017, arXiv:1704.04861): depthwise and 1×1 convolutions by turns; names follow timm.</summary>
internal static class MobileNetV1
{
    private const int Stem = 32;

    /// <summary>Table 1 of the paper: blocks of a stage, the stride of its first, and its channels.</summary>
    private static readonly (int Blocks, int Stride, int Channels)[] s_stages = [(1, 1, 64), (2, 2, 128), (2, 2, 256), (6, 2, 512), (2, 2, 1024)];

    /// <summary>The widths of table 6 of the paper.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("mobilenetv1_025", 0.25), Row("mobilenetv1_050", 0.5), Row("mobilenetv1_075", 0.75), Row("mobilenetv1_100", 1),
    ];

    private static ModelRow Row(string name, double width) => new(name, "mobilenetv1", (s, x, options) => Build(s, x, options, width))
    {
        Paper = "arXiv:1704.04861", Licence = "Apache-2.0", Interpolation = Interpolation.Bicubic,
    };

    private static Value Build(Scope s, Value x, ModelOptions options, double width)
    {
        x = x.Conv(s["conv_stem"], (int)(Stem * width), kernel: 3, stride: 2).Norm(s["bn1"]).Relu();
        for (var stage = 0; stage < s_stages.Length; stage++)
            for (var i = 0; i < s_stages[stage].Blocks; i++)
                x = Block(s["blocks"][stage][i], x, (int)(s_stages[stage].Channels * width), i == 0 ? s_stages[stage].Stride : 1);
        return x.Classifier(s["classifier"], options);
    }

    /// <summary>A depthwise 3×3 convolution and a 1×1, each with norm and ReLU (fig. 3, right).</summary>
    private static Value Block(Scope s, Value x, int channels, int stride)
    {
        x = x.Conv(s["conv_dw"], x.Shape.C, kernel: 3, stride, groups: x.Shape.C).Norm(s["bn1"]).Relu();
        return x.Conv(s["conv_pw"], channels, kernel: 1).Norm(s["bn2"]).Relu();
    }
}
