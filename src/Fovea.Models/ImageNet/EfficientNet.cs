using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;
using static Fovea.Models.ImageNet.BlockLine;

namespace Fovea.Models.ImageNet;

/// <summary>EfficientNet and EfficientNet-Lite (Tan and Le 2019, arXiv:1905.11946); names and initialisers follow timm.</summary>
internal static class EfficientNet
{
    /// <summary>Table 1 of the paper.</summary>
    private static readonly BlockLine[][] s_stages = Stages(squeeze: 0.25);

    /// <summary>The same without squeeze-and-excitation.</summary>
    private static readonly BlockLine[][] s_lite = Stages(squeeze: 0);

    /// <summary>B0 to B7 and Lite 0 to 4, each also as converted from TensorFlow.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("efficientnet_b0", Of(1, 1), 224, 0.875),
        Row("efficientnet_b1", Of(1, 1.1), 240, 0.9) with { Mean = ModelRow.Half, Std = ModelRow.Half },
        Row("efficientnet_b2", Of(1.1, 1.2), 256, 0.875),
        Row("efficientnet_b3", Of(1.2, 1.4), 288, 0.875),
        Row("efficientnet_b4", Of(1.4, 1.8), 320, 0.875),
        Row("efficientnet_b5", Of(1.6, 2.2), 448, 1),
        Row("efficientnet_b6", Of(1.8, 2.6), 528, 0.942),
        Row("efficientnet_b7", Of(2, 3.1), 600, 0.949),
        Row("efficientnet_lite0", Lite(1, 1), 224, 0.875),
        Row("efficientnet_lite1", Lite(1, 1.1), 240, 0.882),
        Row("efficientnet_lite2", Lite(1.1, 1.2), 260, 0.89),
        Row("efficientnet_lite3", Lite(1.2, 1.4), 300, 0.904),
        Row("efficientnet_lite4", Lite(1.4, 1.8), 380, 0.922),
        Row("tf_efficientnet_b0", Of(1, 1).LikeTensorFlow(), 224, 0.875),
        Row("tf_efficientnet_b1", Of(1, 1.1).LikeTensorFlow(), 240, 0.882),
        Row("tf_efficientnet_b2", Of(1.1, 1.2).LikeTensorFlow(), 260, 0.89),
        Row("tf_efficientnet_b3", Of(1.2, 1.4).LikeTensorFlow(), 300, 0.904),
        Row("tf_efficientnet_b4", Of(1.4, 1.8).LikeTensorFlow(), 380, 0.922),
        Row("tf_efficientnet_b5", Of(1.6, 2.2).LikeTensorFlow(), 456, 0.934),
        Row("tf_efficientnet_b6", Of(1.8, 2.6).LikeTensorFlow(), 528, 0.942),
        Row("tf_efficientnet_b7", Of(2, 3.1).LikeTensorFlow(), 600, 0.949),
        LiteOfTensorFlow("tf_efficientnet_lite0", Lite(1, 1), 224, 0.875),
        LiteOfTensorFlow("tf_efficientnet_lite1", Lite(1, 1.1), 240, 0.882),
        LiteOfTensorFlow("tf_efficientnet_lite2", Lite(1.1, 1.2), 260, 0.89),
        LiteOfTensorFlow("tf_efficientnet_lite3", Lite(1.2, 1.4), 300, 0.904) with { Interpolation = Interpolation.Bilinear },
        LiteOfTensorFlow("tf_efficientnet_lite4", Lite(1.4, 1.8), 380, 0.92) with { Interpolation = Interpolation.Bilinear },
    ];

    /// <summary>The net with factors of channels and blocks.</summary>
    internal static InvertedResidualNet Of(double width, double depth) =>
        new(s_stages, Stem: 32, Channels.Divisible(1280 * width)) { Width = width, Depth = depth, Act = Nodes.Silu };

    /// <summary>The net for devices that are poor at squeezing and at SiLU; its ends are not scaled.</summary>
    internal static InvertedResidualNet Lite(double width, double depth) =>
        new(s_lite, Stem: 32, Head: 1280) { Width = width, Depth = depth, FixesEnds = true, Act = Nodes.Relu6 };

    private static BlockLine[][] Stages(double squeeze) =>
    [
        [Separable(1, 3, 1, 16, squeeze)],
        [Inverted(2, 3, 2, 6, 24, squeeze)],
        [Inverted(2, 5, 2, 6, 40, squeeze)],
        [Inverted(3, 3, 2, 6, 80, squeeze)],
        [Inverted(3, 5, 1, 6, 112, squeeze)],
        [Inverted(4, 5, 2, 6, 192, squeeze)],
        [Inverted(1, 3, 1, 6, 320, squeeze)],
    ];

    private static ModelRow LiteOfTensorFlow(string name, InvertedResidualNet net, int size, double crop) =>
        Row(name, net.LikeTensorFlow(), size, crop) with { Mean = ModelRow.Half, Std = ModelRow.Half };

    private static ModelRow Row(string name, InvertedResidualNet net, int size, double crop) => new(name, "efficientnet", net.Builder)
    {
        Paper = "arXiv:1905.11946", Licence = "Apache-2.0", ImageSize = size, CropFraction = crop, Interpolation = Interpolation.Bicubic,
        OtherNames = [PaddleClasNames.EfficientNet(net), MindCvNames.EfficientNet(net)],
    };
}
