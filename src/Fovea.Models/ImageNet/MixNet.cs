using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;
using static Fovea.Models.ImageNet.BlockLine;

namespace Fovea.Models.ImageNet;

/// <summary>MixNet (Tan and Le 2019, arXiv:1907.09595), whose depthwise convolutions have kernels of several sizes.</summary>
/// <remarks>Names and initialisers follow timm.</remarks>
internal static class MixNet
{
    private const int Head = 1536;

    /// <summary>Figure 5 of the paper, upper row.</summary>
    private static readonly BlockLine[][] s_small =
    [
        [Separable(1, 3, 1, 16)],
        [Inverted(1, 3, 2, 6, 24).InHalves(), Inverted(1, 3, 1, 3, 24).InHalves()],
        [Swish(Mixed(1, [3, 5, 7], 2, 6, 40, 0.5)), Swish(Mixed(3, [3, 5], 1, 6, 40, 0.5).InHalves())],
        [Swish(Mixed(1, [3, 5, 7], 2, 6, 80, 0.25).InHalves(widening: false)), Swish(Mixed(2, [3, 5], 1, 6, 80, 0.25).InHalves(widening: false))],
        [Swish(Mixed(1, [3, 5, 7], 1, 6, 120, 0.5).InHalves()), Swish(Mixed(2, [3, 5, 7, 9], 1, 3, 120, 0.5).InHalves())],
        [Swish(Mixed(1, [3, 5, 7, 9, 11], 2, 6, 200, 0.5)), Swish(Mixed(2, [3, 5, 7, 9], 1, 6, 200, 0.5).InHalves(widening: false))],
    ];

    /// <summary>Figure 5 of the paper, lower row.</summary>
    private static readonly BlockLine[][] s_medium =
    [
        [Separable(1, 3, 1, 24)],
        [Mixed(1, [3, 5, 7], 2, 6, 32).InHalves(), Inverted(1, 3, 1, 3, 32).InHalves()],
        [Swish(Mixed(1, [3, 5, 7, 9], 2, 6, 40, 0.5)), Swish(Mixed(3, [3, 5], 1, 6, 40, 0.5).InHalves())],
        [Swish(Mixed(1, [3, 5, 7], 2, 6, 80, 0.25)), Swish(Mixed(3, [3, 5, 7, 9], 1, 6, 80, 0.25).InHalves())],
        [Swish(Inverted(1, 3, 1, 6, 120, 0.5)), Swish(Mixed(3, [3, 5, 7, 9], 1, 3, 120, 0.5).InHalves())],
        [Swish(Mixed(1, [3, 5, 7, 9], 2, 6, 200, 0.5)), Swish(Mixed(3, [3, 5, 7, 9], 1, 6, 200, 0.5).InHalves(widening: false))],
    ];

    /// <summary>The rows of table 4 of the paper, timm's larger ones, and those converted from TensorFlow.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("mixnet_l", Medium(1.3)),
        Row("mixnet_m", Medium(1)),
        Row("mixnet_s", Small),
        Row("mixnet_xl", Medium(1.6, depth: 1.2)),
        Row("mixnet_xxl", Medium(2.4, depth: 1.3)),
        Row("tf_mixnet_l", Medium(1.3).LikeTensorFlow()),
        Row("tf_mixnet_m", Medium(1).LikeTensorFlow()),
        Row("tf_mixnet_s", Small.LikeTensorFlow()),
    ];

    private static InvertedResidualNet Small => new(s_small, Stem: 16, Head);

    private static InvertedResidualNet Medium(double width, double depth = 1) =>
        new(s_medium, Stem: 24, Head) { Width = width, Depth = depth, RoundsDepth = true };

    private static BlockLine Swish(BlockLine line) => line with { Act = Nodes.Silu };

    private static ModelRow Row(string name, InvertedResidualNet net) =>
        new(name, "mixnet", net.Builder)
        {
            Paper = "arXiv:1907.09595", Licence = "Apache-2.0", Interpolation = Interpolation.Bicubic,
            OtherNames = [PaddleClasNames.MixNet(net), MindCvNames.MixNet(net)],
        };
}
