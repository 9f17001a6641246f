using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;
using static Fovea.Models.ImageNet.BlockLine;

namespace Fovea.Models.ImageNet;

/// <summary>MobileNetV3 (Howard et al. 2019, arXiv:1905.02244); names and initialisers follow timm.</summary>
internal static class MobileNetV3
{
    private const double Narrow = 0.75;

    /// <summary>Table 1 of the paper.</summary>
    private static readonly BlockLine[][] s_large =
    [
        [Rectified(Separable(1, 3, 1, 16))],
        [Rectified(Inverted(1, 3, 2, 4, 24)), Rectified(Inverted(1, 3, 1, 3, 24))],
        [Rectified(Inverted(3, 5, 2, 3, 40, squeeze: 0.25))],
        [Inverted(1, 3, 2, 6, 80), Inverted(1, 3, 1, 2.5, 80), Inverted(2, 3, 1, 2.3, 80)],
        [Inverted(2, 3, 1, 6, 112, squeeze: 0.25)],
        [Inverted(3, 5, 2, 6, 160, squeeze: 0.25)],
        [Plain(1, 1, 1, 960)],
    ];

    /// <summary>Table 2 of the paper.</summary>
    private static readonly BlockLine[][] s_small =
    [
        [Rectified(Separable(1, 3, 2, 16, squeeze: 0.25))],
        [Rectified(Inverted(1, 3, 2, 4.5, 24)), Rectified(Inverted(1, 3, 1, 3.67, 24))],
        [Inverted(1, 5, 2, 4, 40, squeeze: 0.25), Inverted(2, 5, 1, 6, 40, squeeze: 0.25)],
        [Inverted(2, 5, 1, 3, 48, squeeze: 0.25)],
        [Inverted(3, 5, 2, 6, 96, squeeze: 0.25)],
        [Plain(1, 1, 1, 576)],
    ];

    /// <summary>timm's first reading of table 1: the first block has no identity, the squeeze is not rounded to a multiple of 8.</summary>
    private static readonly BlockLine[][] s_firstLarge = [[s_large[0][0] with { Skips = false }], .. s_large[1..]];

    /// <summary>The rows of tables 3 and 4 of the paper, narrower and wider ones, and those converted from TensorFlow.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("mobilenetv3_large_035", Large(0.35) with { FixesEnds = false }),
        Row("mobilenetv3_large_050", Large(0.5) with { FixesEnds = false }),
        Row("mobilenetv3_large_075", Large(Narrow)) with { Interpolation = Interpolation.Bilinear },
        Row("mobilenetv3_large_100", Large(1)),
        Row("mobilenetv3_large_125", Large(1.25)),
        Row("mobilenetv3_large_150d", Large(1.5) with { Depth = 1.2 }) with
        {
            ImageSize = 256, CropFraction = 0.95, Interpolation = Interpolation.Bilinear, Mean = ModelRow.Half, Std = ModelRow.Half,
        },
        Row("mobilenetv3_rw", First),
        Row("mobilenetv3_small_035", Small(0.35) with { FixesEnds = false }),
        Row("mobilenetv3_small_050", Small(0.5)),
        Row("mobilenetv3_small_075", Small(Narrow)),
        Row("mobilenetv3_small_100", Small(1)),
        Row("mobilenetv3_small_125", Small(1.25)),
        TensorFlow("tf_mobilenetv3_large_075", Large(Narrow)),
        TensorFlow("tf_mobilenetv3_large_100", Large(1)),
        TensorFlow("tf_mobilenetv3_large_minimal_100", Minimal(Large(1))),
        TensorFlow("tf_mobilenetv3_small_075", Small(Narrow)),
        TensorFlow("tf_mobilenetv3_small_100", Small(1)),
        TensorFlow("tf_mobilenetv3_small_minimal_100", Minimal(Small(1))),
    ];

    private static InvertedResidualNet Large(double width) => Of(s_large, head: 1280, width);

    private static InvertedResidualNet First => Of(s_firstLarge, head: 1280) with
    {
        Epsilon = 1e-3, Squeezing = new() { OfExpanded = true, Gate = Nodes.HardSigmoid }, PooledHeadHasBias = false,
    };

    private static InvertedResidualNet Small(double width) => Of(s_small, head: 1024, width);

    private static InvertedResidualNet Of(BlockLine[][] stages, int head, double width = 1) => new(stages, Stem: 16, head)
    {
        Width = width,
        FixesEnds = width < Narrow,
        Act = Nodes.HardSwish,
        Squeezing = new() { OfExpanded = true, Divisor = 8, Act = Nodes.Relu, Gate = Nodes.HardSigmoid },
        PooledHeadHasBias = true,
    };

    /// <summary>The variants for accelerators: 3×3 kernels, ReLU and no squeeze everywhere.</summary>
    private static InvertedResidualNet Minimal(InvertedResidualNet net) => net with
    {
        Act = Nodes.Relu,
        Stages = [.. net.Stages.Select(stage => stage.Select(line => line with { Kernels = [Math.Min(3, line.Kernels[0])], Squeeze = 0 }).ToArray())],
    };

    private static BlockLine Rectified(BlockLine line) => line with { Act = Nodes.Relu };

    private static ModelRow TensorFlow(string name, InvertedResidualNet net) => Row(name, net.LikeTensorFlow()) with
    {
        Interpolation = Interpolation.Bilinear, Mean = ModelRow.Half, Std = ModelRow.Half,
    };

    private static ModelRow Row(string name, InvertedResidualNet net) =>
        new(name, "mobilenetv3", net.Builder)
        {
            Paper = "arXiv:1905.02244", Licence = "Apache-2.0", Interpolation = Interpolation.Bicubic, OtherNames = [MindCvNames.MobileNetV3(net)],
        };
}
