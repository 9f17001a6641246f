using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

/// <summary>The modified aligned Xception of DeepLabv3+ (Chen et al. 2018, arXiv:1802.02611 fig. 4); names and initialisers follow timm.</summary>
/// <remarks>The forms «p» have norm and ReLU in front of each convolution instead of behind it.</remarks>
internal static class AlignedXception
{
    private const double TensorFlowEpsilon = 1e-3;

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("xception41", Of(middle: 8)),
        Row("xception65", Of(middle: 16)) with { CropFraction = 0.94 },
        Row("xception71", Of(middle: 16, fineEntry: true)),
        Row("xception41p", Of(middle: 8, normsFirst: true, epsilon: 1e-5)) with { CropFraction = 0.94 },
        Row("xception65p", Of(middle: 16, normsFirst: true)) with { CropFraction = 0.94 },
    ];

    /// <summary>The widths of a block's three convolutions, its stride and whether it has a shortcut.</summary>
    private readonly record struct Widths(int First, int Second, int Third, int Stride, bool Skips = true);

    private static ModelBuilder Of(int middle, bool fineEntry = false, bool normsFirst = false, double epsilon = TensorFlowEpsilon) => (s, x, options) =>
    {
        x = x.TorchConv(s["stem"][0]["conv"], 32, kernel: 3, stride: 2).Norm(s["stem"][0]["bn"], epsilon).Relu();
        x = normsFirst
            ? x.TorchConv(s["stem"][1], 64, kernel: 3)
            : x.TorchConv(s["stem"][1]["conv"], 64, kernel: 3).Norm(s["stem"][1]["bn"], epsilon).Relu();
        var at = s["blocks"];
        var number = 0;
        foreach (var widths in Blocks(middle, fineEntry))
            x = normsFirst ? NormsFirst(at[number++], x, widths, epsilon) : NormsLast(at[number++], x, widths, epsilon);
        return (normsFirst ? x.Relu() : x).Classifier(s["head"]["fc"], options);
    };

    private static IEnumerable<Widths> Blocks(int middle, bool fineEntry)
    {
        static Widths Even(int width, int stride) => new(width, width, width, stride);
        Widths[] entry = fineEntry
            ? [Even(128, 2), Even(256, 1), Even(256, 2), Even(728, 1), Even(728, 2)]
            : [Even(128, 2), Even(256, 2), Even(728, 2)];
        return [.. entry, .. Enumerable.Repeat(Even(728, 1), middle), new(728, 1024, 1024, 2), new(1536, 1536, 2048, 1, Skips: false)];
    }

    /// <summary>ReLU before each separable convolution; the block without shortcut has them behind each of the two parts instead.</summary>
    private static Value NormsLast(Scope s, Value x, Widths widths, double epsilon)
    {
        var skip = x;
        if (widths.Skips && (widths.Third != x.Shape.C || widths.Stride > 1))
            skip = x.TorchConv(s["shortcut"]["conv"], widths.Third, kernel: 1, widths.Stride).Norm(s["shortcut"]["bn"], epsilon);
        x = Convolution(s["stack"]["conv1"], x, widths.First, stride: 1);
        x = Convolution(s["stack"]["conv2"], x, widths.Second, stride: 1);
        x = Convolution(s["stack"]["conv3"], x, widths.Third, widths.Stride);
        return widths.Skips ? x.Plus(skip) : x;

        Value Convolution(Scope at, Value y, int channels, int stride)
        {
            if (widths.Skips) y = y.Relu();
            y = y.TorchConv(at["conv_dw"], y.Shape.C, kernel: 3, stride, groups: y.Shape.C).Norm(at["bn_dw"], epsilon);
            if (!widths.Skips) y = y.Relu();
            y = y.TorchConv(at["conv_pw"], channels, kernel: 1).Norm(at["bn_pw"], epsilon);
            return widths.Skips ? y : y.Relu();
        }
    }

    /// <summary>The shortcut starts behind the first norm and ReLU.</summary>
    private static Value NormsFirst(Scope s, Value x, Widths widths, double epsilon)
    {
        var projects = widths.Skips && (widths.Third != x.Shape.C || widths.Stride > 1);
        var shape = new Shape(widths.Third, x.Shape.C, 1, 1);
        var projection = projects ? s["shortcut"].Parameter("weight", shape, Initializer.FanInUniform) : null;
        x = x.Norm(s["norm"], epsilon).Relu();
        var skip = projection is null ? x : x.Conv2d(projection, Window2d.Of(widths.Stride));
        x = Convolution(s["stack"]["conv1"], x, widths.First, stride: 1);
        x = Convolution(s["stack"]["conv2"], x.Norm(s["stack"]["conv2"]["norm"], epsilon).Relu(), widths.Second, stride: 1);
        x = Convolution(s["stack"]["conv3"], x.Norm(s["stack"]["conv3"]["norm"], epsilon).Relu(), widths.Third, widths.Stride);
        return widths.Skips ? x.Plus(skip) : x;

        static Value Convolution(Scope at, Value y, int channels, int stride) =>
            y.Separable(at, channels, kernel: 3, stride, "conv_dw", "conv_pw");
    }

    private static ModelRow Row(string name, ModelBuilder builder) => InceptionRow.Of(name, "xception", builder, "arXiv:1802.02611", crop: 0.903);
}
