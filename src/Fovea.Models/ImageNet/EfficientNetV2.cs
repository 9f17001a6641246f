using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;
using static Fovea.Models.ImageNet.BlockLine;

namespace Fovea.Models.ImageNet;

/// <summary>EfficientNetV2 (Tan and Le 2021, arXiv:2104.00298); names and initialisers follow timm.</summary>
internal static class EfficientNetV2
{
    private const int Head = 1280;
    private const int EarlyHead = 1792;

    /// <summary>The stages that B0 to B3 scale.</summary>
    private static readonly BlockLine[][] s_base =
    [
        [Plain(1, 3, 1, 16, skips: true)],
        [Fused(2, 3, 2, 4, 32)],
        [Fused(2, 3, 2, 4, 48)],
        [Inverted(3, 3, 2, 4, 96, squeeze: 0.25)],
        [Inverted(5, 3, 1, 6, 112, squeeze: 0.25)],
        [Inverted(8, 3, 2, 6, 192, squeeze: 0.25)],
    ];

    /// <summary>Table 4 of the paper.</summary>
    private static readonly BlockLine[][] s_small =
    [
        [Plain(2, 3, 1, 24, skips: true)],
        [Fused(4, 3, 2, 4, 48)],
        [Fused(4, 3, 2, 4, 64)],
        [Inverted(6, 3, 2, 4, 128, squeeze: 0.25)],
        [Inverted(9, 3, 1, 6, 160, squeeze: 0.25)],
        [Inverted(15, 3, 2, 6, 256, squeeze: 0.25)],
    ];

    /// <summary>timm's reading of table 4 from before the authors' code was public.</summary>
    private static readonly BlockLine[][] s_early = [[Fused(2, 3, 1, 1, 24)], .. s_small[1..^1], [Inverted(15, 3, 2, 6, 272, squeeze: 0.25)]];

    private static readonly BlockLine[][] s_medium =
    [
        [Plain(3, 3, 1, 24, skips: true)],
        [Fused(5, 3, 2, 4, 48)],
        [Fused(5, 3, 2, 4, 80)],
        [Inverted(7, 3, 2, 4, 160, squeeze: 0.25)],
        [Inverted(14, 3, 1, 6, 176, squeeze: 0.25)],
        [Inverted(18, 3, 2, 6, 304, squeeze: 0.25)],
        [Inverted(5, 3, 1, 6, 512, squeeze: 0.25)],
    ];

    /// <summary>timm's, and those converted from TensorFlow.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("efficientnetv2_m", Of(s_medium), 320, 1),
        Row("efficientnetv2_rw_s", Of(s_early, head: EarlyHead), 288, 1),
        Row("efficientnetv2_rw_t", Of(s_small, width: 0.8, depth: 0.9), 224, 1),
        Row("efficientnetv2_s", Of(s_small), 288, 1),
        Row("tf_efficientnetv2_b0", Base(1, 1), 192, 0.875),
        Row("tf_efficientnetv2_b1", Base(1, 1.1), 192, 0.882),
        Row("tf_efficientnetv2_b2", Base(1.1, 1.2), 208, 0.89),
        Halved("tf_efficientnetv2_b3", Base(1.2, 1.4), 240, 0.9),
        Halved("tf_efficientnetv2_m", Of(s_medium).LikeTensorFlow(), 384, 1),
        Halved("tf_efficientnetv2_s", Of(s_small).LikeTensorFlow(), 300, 1),
    ];

    private static InvertedResidualNet Of(BlockLine[][] stages, double width = 1, double depth = 1, int head = Head) =>
        new(stages, Stem: 24, Channels.Divisible(head * width)) { Width = width, Depth = depth, Act = Nodes.Silu };

    /// <summary>Here channels are rounded to the nearest multiple of 8, however far below it is.</summary>
    private static InvertedResidualNet Base(double width, double depth)
    {
        var net = new InvertedResidualNet(s_base, Stem: 32, Channels.Divisible(Head * width, least: 0))
        {
            Width = width, Depth = depth, LeastChannels = 0, Act = Nodes.Silu,
        };
        return net.LikeTensorFlow();
    }

    private static ModelRow Halved(string name, InvertedResidualNet net, int size, double crop) =>
        Row(name, net, size, crop) with { Mean = ModelRow.Half, Std = ModelRow.Half };

    private static ModelRow Row(string name, InvertedResidualNet net, int size, double crop) => new(name, "efficientnetv2", net.Builder)
    {
        Paper = "arXiv:2104.00298", Licence = "Apache-2.0", ImageSize = size, CropFraction = crop, Interpolation = Interpolation.Bicubic,
    };
}
