using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>MobileOne (Vasu et al. 2023, arXiv:2206.04040) in its training form; names and initialisers follow timm.</summary>
/// <remarks>
/// A block (fig. 3) is a sum of several k×k convolutions, a 1×1 convolution where k is larger, and the identity where the shape stays,
/// each with a norm; then it is rectified. Depthwise 3×3 and pointwise blocks alternate. The pass <c>Reparameterise</c> makes one
/// convolution of a block, <c>reparam_conv</c>.
/// </remarks>
internal static class MobileOne
{
    private const int Stages = 4;

    /// <summary>The names of the authors' code (github.com/apple/ml-mobileone), which counts the stages behind the stem from 1.</summary>
    internal static readonly NameMap Official = new(
        "official",
        ("stage0", "stem"),
        ("stage1", "stages.0"),
        ("stage2", "stages.1"),
        ("stage3", "stages.2"),
        ("stage4", "stages.3"),
        ("linear", "head.fc"),
        ("rbr_conv", "conv_kxk"),
        ("rbr_scale", "conv_scale"),
        ("rbr_skip", "identity"),
        ("se.reduce", "attn.fc1"),
        ("se.expand", "attn.fc2"))
    { RegisteredFirst = ["se"] };

    /// <summary>The names that timm gives a folded block whose only branches are its k×k convolutions.</summary>
    internal static readonly NameMap Deployed = new("timm", ("reparam_conv", "conv_kxk.0.conv"), ("reparam_conv", "conv_kxk.reparam_conv"));

    private static readonly int[] s_depths = [2, 8, 10, 1];

    /// <summary>The rows of table 3 of the paper.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("mobileone_s0", Of([0.75, 1, 1, 2], branches: 4)) with { CropFraction = 0.875 },
        Row("mobileone_s1", Of([1.5, 1.5, 2, 2.5])),
        Row("mobileone_s2", Of([1.5, 2, 2.5, 4])),
        Row("mobileone_s3", Of([2, 2.5, 3, 4])),
        Row("mobileone_s4", Of([3, 3.5, 3.5, 4], gates: [0, 0, 5, 1])),
    ];

    /// <summary>One block: the sum of its branches, squeeze and excitation where <paramref name="gate"/> has it, and an activation.</summary>
    /// <param name="s">Where the branches are declared.</param>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="shape">Channels, kernel, stride and groups.</param>
    /// <param name="branches">How many k×k convolutions there are.</param>
    /// <param name="initial">How their weights start.</param>
    /// <param name="scales">Whether there is a 1×1 convolution beside larger kernels.</param>
    /// <param name="gate">Squeeze and excitation behind the sum, if any.</param>
    /// <param name="activation">What ends the block; null for nothing.</param>
    internal static Value Block(
        Scope s, Value x, BlockShape shape, int branches, Initializer initial, Func<Value, Value>? activation, bool scales = true,
        Func<Value, Value>? gate = null)
    {
        var terms = new List<Value>();
        if (shape.Stride == 1 && x.Shape.C == shape.Width) terms.Add(x.Norm(s["identity"]));
        for (var i = 0; i < branches; i++) terms.Add(Branch(s["conv_kxk"][i], x, shape, shape.Kernel, initial));
        if (shape.Kernel > 1 && scales) terms.Add(Branch(s["conv_scale"], x, shape, kernel: 1, initial));
        var y = terms.Aggregate((sum, term) => sum.Plus(term));
        if (gate is not null) y = gate(y);
        return activation is null ? y : activation(y);
    }

    private static Value Branch(Scope s, Value x, BlockShape shape, int kernel, Initializer initial) =>
        x.Conv(s["conv"], shape.Width, kernel, shape.Stride, groups: shape.Groups, initial: initial).Norm(s["bn"]);

    private static ModelBuilder Of(double[] widths, int branches = 1, int[]? gates = null) => (s, x, options) =>
    {
        Value Next(Scope at, int width, int kernel, int stride, bool depthwise, bool gated)
        {
            var shape = new BlockShape(width, kernel, stride, depthwise ? x.Shape.C : 1);
            var initial = new Initializer.Normal(Math.Sqrt(2.0 / (kernel * kernel * width / shape.Groups)));
            Func<Value, Value>? gate = gated
                ? y => y.SqueezeExcite(at["attn.fc1"], at["attn.fc2"], Channels.Divisible(width / 16.0, divisor: 8, least: 0))
                : null;
            return Block(at, x, shape, at.Path == "stem" ? 1 : branches, initial, Nodes.Relu, gate: gate);
        }

        x = Next(s["stem"], (int)Math.Min(64, 64 * widths[0]), kernel: 3, stride: 2, depthwise: false, gated: false);
        for (var stage = 0; stage < Stages; stage++)
        {
            for (var i = 0; i < s_depths[stage]; i++)
            {
                var gated = i >= s_depths[stage] - (gates?[stage] ?? 0);
                x = Next(s["stages"][stage][2 * i], x.Shape.C, kernel: 3, stride: i == 0 ? 2 : 1, depthwise: true, gated);
                x = Next(s["stages"][stage][(2 * i) + 1], (int)((64 << stage) * widths[stage]), kernel: 1, stride: 1, depthwise: false, gated);
            }
        }

        return x.Classifier(s["head.fc"], options, weightInitial: new Initializer.Normal(0.01), biasInitial: Initializer.Zeros);
    };

    private static ModelRow Row(string name, ModelBuilder builder) => new(name, "mobileone", builder)
    {
        Paper = "arXiv:2206.04040", Licence = "Apache-2.0", CropFraction = 0.9, OtherNames = [Official], DeployNames = Deployed,
    };
}

/// <summary>The convolutions of a re-parameterisable block.</summary>
/// <param name="Width">Output channels.</param>
/// <param name="Kernel">Rows and columns of the largest.</param>
/// <param name="Stride">Pixels per step.</param>
/// <param name="Groups">In how many independent parts the channels fall.</param>
internal sealed record BlockShape(int Width, int Kernel, int Stride = 1, int Groups = 1);
