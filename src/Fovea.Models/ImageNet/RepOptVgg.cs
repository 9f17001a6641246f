using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

/// <summary>RepOpt-VGG (Ding et al. 2022, arXiv:2205.15242); names, initialisers and forms are those of the authors' code.</summary>
/// <remarks>
/// The forms are: <c>target</c>, plain 3×3 convolutions, trained by a RepOptimizer; <c>hs</c>, which finds its scales: a 3×3 and a 1×1
/// convolution and the identity, each with a trained scale, then one norm (§3.2); <c>csla</c>, the same with constant scales of the
/// convolutions; <c>repvgg</c>, the baseline with a norm in each branch. All fold into the <c>conv</c> of the target.
/// </remarks>
internal static class RepOptVgg
{
    private const int Stages = 4;

    private static readonly NameMap s_deployed = new("RepOptimizers", ("conv", "reparam_conv"));

    private static readonly (string Name, int[] Blocks, double A, double B)[] s_sizes =
    [
        ("a0", [2, 4, 14, 1], 0.75, 2.5),
        ("b1", [4, 6, 16, 1], 2, 4),
        ("b2", [4, 6, 16, 1], 2.5, 5),
        ("l1", [8, 14, 24, 1], 2, 4),
        ("l2", [8, 14, 24, 1], 2.5, 5),
    ];

    private static readonly (string Name, Block Block)[] s_forms =
    [
        ("target", Target),
        ("hs", (s, x, width, stride, number) => Scaled(s, x, width, stride, number, constant: false)),
        ("csla", (s, x, width, stride, number) => Scaled(s, x, width, stride, number, constant: true)),
        ("repvgg", Normed),
    ];

    private delegate Value Block(Scope s, Value x, int width, int stride, int number);

    /// <summary>Each size in each form, and each form of free size.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        .. s_sizes.SelectMany(size => s_forms.Select(form => Row(
            $"repoptvgg_{size.Name}_{form.Name}", form.Name,
            (s, x, options) => Build(s, x, options, form.Block, size.Blocks, [size.A, size.A, size.A, size.B])))),
        .. s_forms.Select(form => Row($"repoptvgg_{form.Name}", form.Name, (s, x, options) =>
        {
            var (blocks, widths) = FreeStages.Of($"repoptvgg_{form.Name}", options);
            return Build(s, x, options, form.Block, blocks, widths);
        }) with { IsFreeForm = true }),
    ];

    /// <summary>A scale of each channel; where it is constant, it is kept with the model but not trained.</summary>
    internal static Value Scale(Scope s, Value x, double initial, bool constant = false)
    {
        var (channels, fill) = (new Shape(x.Shape.C), new Initializer.Fill(initial));
        var scale = constant ? s.State("weight", channels, fill) : s.Parameter("weight", channels, fill);
        return x.Times(scale.Reshape(new Shape(1, x.Shape.C, 1, 1)));
    }

    private static Value Build(Scope s, Value x, ModelOptions options, Block block, int[] blocks, double[] widths)
    {
        x = block(s["stage0"], x, (int)Math.Min(64, 64 * widths[0]), stride: 2, number: 0).Relu();
        for (var stage = 0; stage < Stages; stage++)
        {
            var width = (int)((64 << stage) * widths[stage]);
            for (var i = 0; i < blocks[stage]; i++) x = block(s[$"stage{stage + 1}"][i], x, width, stride: i == 0 ? 2 : 1, number: i).Relu();
        }

        return x.Classifier(s["linear"], options);
    }

    private static Value Target(Scope s, Value x, int width, int stride, int number) => Conv(s["conv"], x, width, kernel: 3, stride).Norm(s["bn"]);

    /// <summary>The scales of the i-th block of a stage start at √(2/i), those of the first and of identities at 1.</summary>
    private static Value Scaled(Scope s, Value x, int width, int stride, int number, bool constant)
    {
        var initial = number == 0 ? 1 : Math.Sqrt(2.0 / number);
        var sum = Scale(s["scale_conv"], Conv(s["conv"], x, width, kernel: 3, stride), initial, constant);
        sum = sum.Plus(Scale(s["scale_1x1"], Conv(s["conv_1x1"], x, width, kernel: 1, stride), initial, constant));
        if (KeepsShape(x, width, stride)) sum = sum.Plus(Scale(s["scale_identity"], x, initial: 1));
        return sum.Norm(s["bn"]);
    }

    private static Value Normed(Scope s, Value x, int width, int stride, int number)
    {
        var sum = Conv(s["conv_3x3"], x, width, kernel: 3, stride).Norm(s["bn_3x3"]);
        sum = sum.Plus(Conv(s["conv_1x1"], x, width, kernel: 1, stride).Norm(s["bn_1x1"]));
        return KeepsShape(x, width, stride) ? sum.Plus(x.Norm(s["bn_identity"])) : sum;
    }

    private static bool KeepsShape(Value x, int width, int stride) => stride == 1 && x.Shape.C == width;

    private static Value Conv(Scope s, Value x, int width, int kernel, int stride) => x.Conv(s, width, kernel, stride, initial: Initializer.FanInUniform);

    private static ModelRow Row(string name, string form, ModelBuilder builder) => new(name, "repoptvgg", builder)
    {
        Paper = "arXiv:2205.15242", Licence = "MIT", CropFraction = 1, DeployNames = s_deployed, IsRepOptTarget = form == "target",
    };
}
