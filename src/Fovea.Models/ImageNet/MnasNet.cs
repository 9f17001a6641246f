using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;
using static Fovea.Models.ImageNet.BlockLine;

namespace Fovea.Models.ImageNet;

/// <summary>MnasNet (Tan et al. 2018, arXiv:1807.11626).</summary>
/// <remarks>Names and initialisers follow timm and, in the rows <c>mnasnet0_5</c> to <c>mnasnet1_3</c>, torchvision.</remarks>
internal static class MnasNet
{
    private const int Head = 1280;
    private const double TorchvisionMomentum = 3e-4;

    /// <summary>Figure 7 of the paper: A1, with squeeze-and-excitation.</summary>
    private static readonly BlockLine[][] s_a1 =
    [
        [Separable(1, 3, 1, 16, skips: false)],
        [Inverted(2, 3, 2, 6, 24)],
        [Inverted(3, 5, 2, 3, 40, squeeze: 0.25)],
        [Inverted(4, 3, 2, 6, 80)],
        [Inverted(2, 3, 1, 6, 112, squeeze: 0.25)],
        [Inverted(3, 5, 2, 6, 160, squeeze: 0.25)],
        [Inverted(1, 3, 1, 6, 320)],
    ];

    /// <summary>B1, without.</summary>
    private static readonly BlockLine[][] s_b1 =
    [
        [Separable(1, 3, 1, 16, skips: false)],
        [Inverted(3, 3, 2, 3, 24)],
        [Inverted(3, 5, 2, 3, 40)],
        [Inverted(3, 5, 2, 6, 80)],
        [Inverted(2, 3, 1, 6, 96)],
        [Inverted(4, 5, 2, 6, 192)],
        [Inverted(1, 3, 1, 6, 320, skips: false)],
    ];

    private static readonly BlockLine[][] s_small =
    [
        [Separable(1, 3, 1, 8)],
        [Inverted(1, 3, 2, 3, 16)],
        [Inverted(2, 3, 2, 6, 16)],
        [Inverted(4, 5, 2, 6, 32, squeeze: 0.25)],
        [Inverted(3, 3, 1, 6, 32, squeeze: 0.25)],
        [Inverted(3, 5, 2, 6, 88, squeeze: 0.25)],
        [Inverted(1, 3, 1, 6, 144)],
    ];

    /// <summary>torchvision's names of the tensors of B1.</summary>
    private static readonly NameMap s_torchvision = new(
        "torchvision",
        [
            .. NumberedBlocks(),
            ("layers.3", "blocks.0.0.conv_dw"),
            ("layers.4", "blocks.0.0.bn1"),
            ("layers.6", "blocks.0.0.conv_pw"),
            ("layers.7", "blocks.0.0.bn2"),
            ("layers.0", "conv_stem"),
            ("layers.1", "bn1"),
            ("layers.14", "conv_head"),
            ("layers.15", "bn2"),
            ("classifier.1", "classifier"),
        ]);

    /// <summary>timm's B1 and A1, and torchvision's B1, in several widths.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("mnasnet_050", Of(s_b1, 0.5)) with { OtherNames = [s_torchvision] },
        Row("mnasnet_075", Of(s_b1, 0.75)) with { OtherNames = [s_torchvision] },
        Row("mnasnet_100", Of(s_b1, 1)) with { OtherNames = [s_torchvision] },
        Row("mnasnet_140", Of(s_b1, 1.4)),
        Row("mnasnet_small", Of(s_small, 1, stem: 8)),
        Row("semnasnet_050", Of(s_a1, 0.5)),
        Row("semnasnet_075", Of(s_a1, 0.75)),
        Row("semnasnet_100", Of(s_a1, 1)),
        Row("semnasnet_140", Of(s_a1, 1.4)),
        Torchvision("mnasnet0_5", 0.5),
        Torchvision("mnasnet0_75", 0.75) with { CropFraction = 0.965 },
        Torchvision("mnasnet1_0", 1),
        Torchvision("mnasnet1_3", 1.3) with { CropFraction = 0.965 },
    ];

    private static ModelBuilder Of(BlockLine[][] stages, double width, int stem = 32) => new InvertedResidualNet(stages, stem, Head) { Width = width }.Builder;

    /// <summary>B1 as torchvision numbers it: the stem and the separable block are layers 0 to 7, each stage is one more, then the head.</summary>
    private static ModelBuilder Numbered(double width) => (s, x, options) =>
    {
        var layers = s["layers"];
        x = Convolved(layers, 0, x, Channels.Divisible(32 * width), kernel: 3, stride: 2).Relu();
        x = Convolved(layers, 3, x, x.Shape.C, kernel: 3, groups: x.Shape.C).Relu();
        x = Convolved(layers, 6, x, Channels.Divisible(16 * width), kernel: 1);
        for (var stage = 1; stage < s_b1.Length; stage++)
        {
            var line = s_b1[stage][0];
            var channels = Channels.Divisible(line.Channels * width);
            for (var i = 0; i < line.Blocks; i++) x = Block(layers[7 + stage][i]["layers"], x, line, channels, i == 0 ? line.Stride : 1);
        }

        x = Convolved(layers, 14, x, Head, kernel: 1).Relu();
        var classes = options.Classes ?? throw new ModelException("classes is not resolved");
        return x.Classifier(s["classifier"][1], options, weightInitial: new Initializer.Uniform(Math.Sqrt(3.0 / classes)), biasInitial: Initializer.Zeros);
    };

    private static IEnumerable<(string Theirs, string Ours)> NumberedBlocks()
    {
        (int Number, string Name)[] layers = [(0, "conv_pw"), (1, "bn1"), (3, "conv_dw"), (4, "bn2"), (6, "conv_pwl"), (7, "bn3")];
        for (var stage = 1; stage < s_b1.Length; stage++)
            for (var i = 0; i < s_b1[stage][0].Blocks; i++)
                foreach (var (number, name) in layers) yield return ($"layers.{7 + stage}.{i}.layers.{number}", $"blocks.{stage}.{i}.{name}");
    }

    private static Value Block(Scope s, Value x, BlockLine line, int channels, int stride)
    {
        var inside = x.Shape.C * (int)line.Expansion;
        var y = Convolved(s, 0, x, inside, kernel: 1).Relu();
        y = Convolved(s, 3, y, inside, line.Kernels[0], stride, groups: inside).Relu();
        y = Convolved(s, 6, y, channels, kernel: 1);
        return stride == 1 && x.Shape.C == channels ? y.Plus(x) : y;
    }

    /// <summary>A convolution and its norm, the next in the list.</summary>
    private static Value Convolved(Scope s, int at, Value x, int channels, int kernel, int stride = 1, int groups = 1) =>
        x.Conv(s[at], channels, kernel, stride, groups: groups).Norm(s[at + 1], momentum: TorchvisionMomentum);

    private static ModelRow Torchvision(string name, double width) =>
        new(name, "mnasnet", Numbered(width)) { Paper = "arXiv:1807.11626", Licence = "BSD-3-Clause", DropRate = 0.2 };

    private static ModelRow Row(string name, ModelBuilder builder) =>
        new(name, "mnasnet", builder) { Paper = "arXiv:1807.11626", Licence = "Apache-2.0", Interpolation = Interpolation.Bicubic };
}
