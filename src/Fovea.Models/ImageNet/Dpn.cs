using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>Dual path networks (Chen et al. 2017, arXiv:1707.01629); names and initialisers follow timm.</summary>
/// <remarks>A block adds to the first channels, as a ResNet, and appends others, as a DenseNet (fig. 2d).</remarks>
internal static class Dpn
{
    private const double Epsilon = 1e-3;

    private static readonly IReadOnlyList<double> s_mean = [124 / 255.0, 117 / 255.0, 104 / 255.0];
    private static readonly IReadOnlyList<double> s_std = [1 / (0.0167 * 255), 1 / (0.0167 * 255), 1 / (0.0167 * 255)];

    /// <summary>The columns of table 1 of the paper, and those that the authors published besides.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Authors(Row("dpn68", new([3, 4, 12, 3], [16, 32, 32, 64], 128) { IsSmall = true, Stem = 10 })),
        Row("dpn68b", new([3, 4, 12, 3], [16, 32, 32, 64], 128) { IsSmall = true, Stem = 10, Splits = true }) with { CropFraction = 0.95 },
        Authors(Row("dpn92", new([3, 4, 20, 3], [16, 32, 24, 128], 96))),
        Authors(Row("dpn98", new([3, 6, 20, 3], [16, 32, 32, 128], 160) { Groups = 40, Stem = 96 })),
        Authors(Row("dpn107", new([4, 8, 20, 3], [20, 64, 64, 128], 200) { Groups = 50, Stem = 128 })),
        Authors(Row("dpn131", new([4, 8, 28, 3], [16, 32, 32, 128], 160) { Groups = 40, Stem = 128 })),
    ];

    /// <summary>What tells the rows apart.</summary>
    /// <param name="Depths">Blocks of each stage.</param>
    /// <param name="Increments">The channels that a block of each stage appends.</param>
    /// <param name="Width">The width of the 3×3 convolutions of the first stage.</param>
    private sealed record Form(int[] Depths, int[] Increments, int Width)
    {
        /// <summary>The groups of the 3×3 convolutions.</summary>
        internal int Groups { get; init; } = 32;

        /// <summary>The channels after the first convolution.</summary>
        internal int Stem { get; init; } = 64;

        /// <summary>Whether the first convolution is 3×3 and the residual path a quarter as wide.</summary>
        internal bool IsSmall { get; init; }

        /// <summary>Whether the channels to add and those to append come from two convolutions, after a norm of their own.</summary>
        internal bool Splits { get; init; }
    }

    private static ModelRow Row(string name, Form form) => new(name, "dpn", (s, x, options) => Build(s, x, options, form))
    {
        Paper = "arXiv:1707.01629",
        Licence = "Apache-2.0",
        Interpolation = Interpolation.Bicubic,
    };

    /// <summary>A row whose images are scaled as the authors did.</summary>
    private static ModelRow Authors(ModelRow row) => row with { Mean = s_mean, Std = s_std };

    private static Value Build(Scope s, Value x, ModelOptions options, Form form)
    {
        var f = s["features"];
        x = Conv(f["conv1_1.conv"], x, form.Stem, kernel: form.IsSmall ? 3 : 7, stride: 2).Norm(f["conv1_1.bn"], Epsilon).Relu();
        x = x.MaxPool(kernel: 3, stride: 2, padding: 1);
        Value? dense = null;
        for (var stage = 0; stage < form.Depths.Length; stage++)
            for (var i = 1; i <= form.Depths[stage]; i++) (x, dense) = Block(f[$"conv{stage + 2}_{i}"], x, dense, stage, i == 1, form);
        x = x.Concat(1, dense!).Norm(f["conv5_bn_ac.bn"], Epsilon).Relu();
        return x.ConvClassifier(s["classifier"], options);
    }

    /// <summary>The channels of the residual path and those of the densely connected one, after one more block.</summary>
    private static (Value Residual, Value Dense) Block(Scope s, Value residual, Value? dense, int stage, bool isFirst, Form form)
    {
        var (kept, added, inner) = ((form.IsSmall ? 64 : 256) << stage, form.Increments[stage], form.Width << stage);
        var stride = isFirst && stage > 0 ? 2 : 1;
        var x = dense is null ? residual : residual.Concat(1, dense);
        if (isFirst)
        {
            var projected = NormConv(s[stride == 2 ? "c1x1_w_s2" : "c1x1_w_s1"], x, kept + (2 * added), kernel: 1, stride);
            (residual, dense) = (projected.Slice(1, 0, kept), projected.Slice(1, kept, 2 * added));
        }

        var y = NormConv(s["c1x1_a"], x, inner, kernel: 1);
        y = NormConv(s["c3x3_b"], y, inner, kernel: 3, stride, form.Groups);
        var (toAdd, toAppend) = form.Splits ? TwoConvs(s, y, kept, added) : OneConv(s, y, kept, added);
        return (residual.Plus(toAdd), dense!.Concat(1, toAppend));
    }

    private static (Value ToAdd, Value ToAppend) OneConv(Scope s, Value x, int kept, int added)
    {
        var y = NormConv(s["c1x1_c"], x, kept + added, kernel: 1);
        return (y.Slice(1, 0, kept), y.Slice(1, kept, added));
    }

    private static (Value ToAdd, Value ToAppend) TwoConvs(Scope s, Value x, int kept, int added)
    {
        x = x.Norm(s["c1x1_c.bn"], Epsilon).Relu();
        return (Conv(s["c1x1_c1"], x, kept, kernel: 1), Conv(s["c1x1_c2"], x, added, kernel: 1));
    }

    private static Value NormConv(Scope s, Value x, int channels, int kernel, int stride = 1, int groups = 1) =>
        Conv(s["conv"], x.Norm(s["bn"], Epsilon).Relu(), channels, kernel, stride, groups);

    private static Value Conv(Scope s, Value x, int channels, int kernel, int stride = 1, int groups = 1) =>
        x.Conv(s, channels, kernel, stride, groups: groups, initial: Initializer.FanInUniform);
}
