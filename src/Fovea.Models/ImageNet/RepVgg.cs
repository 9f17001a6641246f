using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>RepVGG (Ding et al. 2021, arXiv:2101.03697) in its training form; names and initialisers follow timm.</summary>
/// <remarks>
/// A block is a 3×3 convolution, a 1×1 convolution and, where the shape stays, the identity, each with a norm, summed and rectified
/// (fig. 2). The pass <c>Reparameterise</c> makes one convolution of it, <c>reparam_conv</c>.
/// </remarks>
internal static class RepVgg
{
    private const int Stages = 4;

    private static readonly (string Theirs, string Ours)[] s_stages =
        [("stage0", "stem"), ("stage1", "stages.0"), ("stage2", "stages.1"), ("stage3", "stages.2"), ("stage4", "stages.3"), ("linear", "head.fc")];

    private static readonly (string Theirs, string Ours)[] s_branches =
        [("rbr_identity", "identity"), ("rbr_dense", "conv_kxk"), ("rbr_1x1", "conv_1x1"), ("rbr_reparam", "reparam_conv")];

    /// <summary>The names of the authors' code (github.com/DingXiaoH/RepVGG).</summary>
    internal static readonly NameMap Official = new("official", [.. s_stages, .. s_branches, ("se.down", "attn.fc1"), ("se.up", "attn.fc2")])
    { RegisteredFirst = ["se"] };

    /// <summary>The names of PaddleClas (ppcls/arch/backbone/model_zoo/repvgg.py).</summary>
    internal static readonly NameMap PaddleClas = Framework.Paddle.Keeping(new("PaddleClas", [.. s_stages, .. s_branches]));

    /// <summary>The names of MindCV (mindcv/models/repvgg.py), whose branches are numbered sequences.</summary>
    internal static readonly NameMap MindCv = Framework.MindSpore.Keeping(new(
        "MindCV",
        [
            .. s_stages, ("rbr_dense.0", "conv_kxk.conv"), ("rbr_dense.1", "conv_kxk.bn"), ("rbr_1x1.0", "conv_1x1.conv"), ("rbr_1x1.1", "conv_1x1.bn"),
            .. s_branches, ("se.conv_reduce", "attn.fc1"), ("se.conv_expand", "attn.fc2"),
        ])
    { RegisteredFirst = ["se"] });

    private static readonly int[] s_depthA = [2, 4, 14, 1];
    private static readonly int[] s_depthB = [4, 6, 16, 1];
    private static readonly int[] s_depthD = [8, 14, 24, 1];
    private static readonly int[] s_depthM = [2, 2, 2, 2];

    /// <summary>The rows of table 2 of the paper, and the small variants.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("repvgg_a0", Of(s_depthA, 0.75, 2.5)),
        Row("repvgg_a1", Of(s_depthA, 1, 2.5)),
        Row("repvgg_a2", Of(s_depthA, 1.5, 2.75)),
        Row("repvgg_b0", Of(s_depthB, 1, 2.5)),
        Row("repvgg_b1", Of(s_depthB, 2, 4)),
        Row("repvgg_b1g2", Of(s_depthB, 2, 4, groups: 2)),
        Row("repvgg_b1g4", Of(s_depthB, 2, 4, groups: 4)),
        Row("repvgg_b2", Of(s_depthB, 2.5, 5)),
        Row("repvgg_b2g2", Of(s_depthB, 2.5, 5, groups: 2)),
        Row("repvgg_b2g4", Of(s_depthB, 2.5, 5, groups: 4)),
        Row("repvgg_b3", Of(s_depthB, 3, 5)),
        Row("repvgg_b3g2", Of(s_depthB, 3, 5, groups: 2)),
        Row("repvgg_b3g4", Of(s_depthB, 3, 5, groups: 4)),
        Row("repvgg_d2se", Of(s_depthD, 2.5, 5, gated: true)) with { ImageSize = 320, CropFraction = 1 },
        Small("repvgg_n0", Of(s_depthA, 1, 1)),
        Small("repvgg_n1", Of(s_depthA, 0.25, 0.25)),
        Small("repvgg_n2", Of(s_depthA, 0.5, 0.5)),
        Small("repvgg_n3", Of(s_depthA, 0.25, 1)),
        Small("repvgg_n4", Of(s_depthA, 0.5, 1)),
        Small("repvgg_m0", Of(s_depthM, 1, 1)),
        Small("repvgg_m1", Of(s_depthM, 0.75, 2.5)),
        Row("repvgg", Free) with { IsFreeForm = true },
    ];

    /// <summary>The catalogue's delegate for a row of table 2: blocks of the four stages, multipliers a and b, groups of every other block.</summary>
    private static ModelBuilder Of(int[] blocks, double a, double b, int groups = 1, bool gated = false) =>
        (s, x, options) => Build(s, x, options, blocks, [a, a, a, b], groups, gated);

    /// <summary>The free form: blocks and width multipliers come from the options.</summary>
    private static Value Free(Scope s, Value x, ModelOptions options)
    {
        var (blocks, widths) = FreeStages.Of("repvgg", options);
        return Build(s, x, options, blocks, widths, groups: 1, gated: false);
    }

    private static ModelRow Row(string name, ModelBuilder builder) =>
        new(name, "repvgg", builder) { Paper = "arXiv:2101.03697", Licence = "MIT", OtherNames = [Official, PaddleClas, MindCv] };

    /// <summary>The small variants that are published for 89 classes at 112 pixels.</summary>
    private static ModelRow Small(string name, ModelBuilder builder) => Row(name, builder) with { Classes = 89, ImageSize = 112 };

    /// <summary>Blocks are numbered from 1 after the stem; the even ones have groups (§3.4).</summary>
    private static Value Build(Scope s, Value x, ModelOptions options, int[] blocks, double[] widths, int groups, bool gated)
    {
        var first = (int)(64 * widths[0]);
        x = Block(s["stem"], x, Math.Min(64, first), stride: 2, groups: 1, gated);
        var number = 1;
        for (var stage = 0; stage < Stages; stage++)
            for (var i = 0; i < blocks[stage]; i++, number++)
                x = Block(s["stages"][stage][i], x, (int)((64 << stage) * widths[stage]), stride: i == 0 ? 2 : 1, groups: number % 2 == 0 ? groups : 1, gated);
        return x.Classifier(s["head.fc"], options, weightInitial: new Initializer.Normal(0.01), biasInitial: Initializer.Zeros);
    }

    /// <summary>A block; where it is gated, squeeze and excitation comes before the activation, as in RepVGG-D2se.</summary>
    private static Value Block(Scope s, Value x, int width, int stride, int groups, bool gated)
    {
        var identity = stride == 1 && x.Shape.C == width ? Norm(s["identity"], x) : null;
        var sum = Branch(s["conv_kxk"], x, width, kernel: 3, stride, groups).Plus(Branch(s["conv_1x1"], x, width, kernel: 1, stride, groups));
        if (identity is not null) sum = sum.Plus(identity);
        if (gated) sum = sum.SqueezeExcite(s["attn.fc1"], s["attn.fc2"], Channels.Divisible(width / 16.0, divisor: 1, least: 0));
        return sum.Relu();
    }

    private static Value Branch(Scope s, Value x, int width, int kernel, int stride, int groups)
    {
        var fanOut = (double)kernel * kernel * width / groups;
        return Norm(s["bn"], x.Conv(s["conv"], width, kernel, stride, groups: groups, initial: new Initializer.Normal(Math.Sqrt(2 / fanOut))));
    }

    private static Value Norm(Scope s, Value x) =>
        x.Norm(s, weight: new Initializer.Normal(0.1, Mean: 0.1), bias: new Initializer.Normal(0.1));
}
