using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

/// <summary>RepOpt-GhostNet-0.5x: RepGhostNet (Chen et al. 2022, arXiv:2211.06088) with the forms of RepOptimizers (arXiv:2205.15242).</summary>
/// <remarks>
/// A module (RepGhost's fig. 3) is a 1×1 convolution, then a depthwise one beside the identity. The forms are: <c>rep</c>, RepGhostNet's,
/// with a norm in both branches; <c>hs</c>, with trained scales and one norm behind the sum; <c>csla</c>, the same with the depthwise
/// convolution's scale constant; <c>target</c>, without the identity, trained by a RepOptimizer. Names and initialisers are those of the
/// RepOptimizers' authors. All forms fold into the target's <c>cheap_operation.0</c>.
/// </remarks>
internal static class RepOptGhostNet
{
    private const int HeadWidth = 1280;
    private const double GateShare = 0.25;

    private static readonly NameMap s_deployed = new("RepOptimizers", ("cheap_operation.0", "reparam_conv"));

    /// <summary>Kernel, middle and output channels at width 1, whether the block is gated, stride; stage by stage.</summary>
    private static readonly (int Kernel, int Middle, int Out, bool Gated, int Stride)[][] s_stages =
    [
        [(3, 8, 16, false, 1)],
        [(3, 24, 24, false, 2)],
        [(3, 36, 24, false, 1)],
        [(5, 36, 40, true, 2)],
        [(5, 60, 40, true, 1)],
        [(3, 120, 80, false, 2)],
        [(3, 100, 80, false, 1), (3, 120, 80, false, 1), (3, 120, 80, false, 1), (3, 240, 112, true, 1), (3, 336, 112, true, 1)],
        [(5, 336, 160, true, 2)],
        [(5, 480, 160, false, 1), (5, 480, 160, true, 1), (5, 480, 160, false, 1), (5, 480, 160, true, 1)],
    ];

    private enum Form
    {
        Target,
        Hs,
        Csla,
        Rep,
    }

    /// <summary>Width 0.5 in each form.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("repoptghostnet_0_5x_target", Of(Form.Target, 0.5)) with { IsRepOptTarget = true },
        Row("repoptghostnet_0_5x_hs", Of(Form.Hs, 0.5)),
        Row("repoptghostnet_0_5x_csla", Of(Form.Csla, 0.5)),
        Row("repoptghostnet_0_5x_rep", Of(Form.Rep, 0.5)),
    ];

    private static ModelBuilder Of(Form form, double width) => (s, x, options) =>
    {
        x = Conv(s["conv_stem"], x, Width(16 * width), kernel: 3, stride: 2).Norm(s["bn1"]).Relu();
        var number = 0;
        for (var stage = 0; stage < s_stages.Length; stage++)
        {
            for (var i = 0; i < s_stages[stage].Length; i++)
            {
                var block = s_stages[stage][i];
                var (middle, channels) = (Width(block.Middle * width), Width(block.Out * width));
                number = block.Stride == 1 && x.Shape.C == channels ? number + 1 : 1;
                x = Bottleneck(s["blocks"][stage][i], x, form, new(channels, block.Kernel, block.Stride), middle, block.Gated, number);
            }
        }

        var last = s["blocks"][s_stages.Length][0];
        x = Conv(last["conv"], x, Width(2 * s_stages[^1][^1].Middle * width), kernel: 1).Norm(last["bn1"]).Relu().GlobalAveragePool();
        return x.Conv(s["conv_head"], HeadWidth, kernel: 1, bias: true, initial: Initializer.FanInUniform).Relu().Logits(s["classifier"], options);
    };

    private static int Width(double channels) => Channels.Divisible(channels, divisor: 4);

    private static Value Bottleneck(Scope s, Value x, Form form, BlockShape shape, int middle, bool gated, int number)
    {
        var y = Module(s["ghost1"], x, middle, form, number: (2 * number) - 1).Relu();
        if (shape.Stride > 1) y = Depthwise(s["conv_dw"], y, shape.Kernel, shape.Stride).Norm(s["bn_dw"]);
        if (gated)
            y = y.SqueezeExcite(
                s["se.conv_reduce"], s["se.conv_expand"], Width(middle * GateShare), gate: Nodes.HardSigmoid, initial: Initializer.FanInUniform);
        y = Module(s["ghost2"], y, shape.Width, form, number: 2 * number, rectified: false);
        if (shape.Stride == 1 && x.Shape.C == shape.Width) return y.Plus(x);
        var skip = Depthwise(s["shortcut"][0], x, shape.Kernel, shape.Stride).Norm(s["shortcut"][1]);
        return y.Plus(Conv(s["shortcut"][2], skip, shape.Width, kernel: 1).Norm(s["shortcut"][3]));
    }

    /// <summary>A ghost module without the activation behind it; the scales of the i-th of a stage start at √(2 / (i + 1)).</summary>
    private static Value Module(Scope s, Value x, int width, Form form, int number, bool rectified = true)
    {
        x = Conv(s["primary_conv"][0], x, width, kernel: 1).Norm(s["primary_conv"][1]);
        if (rectified) x = x.Relu();
        var cheap = s["cheap_operation"];
        if (form == Form.Rep)
        {
            var identity = x.Norm(s["fusion_bn"]);
            return Depthwise(cheap[0], x, kernel: 3).Norm(cheap[1]).Plus(identity);
        }

        var skip = form == Form.Target ? null : RepOptVgg.Scale(s["fusion_scale"], x, initial: 1);
        var norm = NormOf(s["final_bn"], width);
        var y = Depthwise(cheap[0], x, kernel: 3);
        if (skip is not null) y = RepOptVgg.Scale(cheap[1], y, form == Form.Hs ? Math.Sqrt(2.0 / (number + 1)) : 1, constant: form == Form.Csla).Plus(skip);
        return norm(y);
    }

    /// <summary>Declares a norm whose place in the order of parameters is before that of what it normalises.</summary>
    private static Func<Value, Value> NormOf(Scope s, int width)
    {
        var channels = new Shape(width);
        var (gamma, beta) = (s.Parameter("weight", channels, Initializer.Ones), s.Parameter("bias", channels, Initializer.Zeros));
        var (mean, variance) = (s.State("running_mean", channels, Initializer.Zeros), s.State("running_var", channels, Initializer.Ones));
        return x => x.BatchNorm(gamma, beta, mean, variance);
    }

    private static Value Depthwise(Scope s, Value x, int kernel, int stride = 1) =>
        x.Conv(s, x.Shape.C, kernel, stride, groups: x.Shape.C, initial: Initializer.FanInUniform);

    private static Value Conv(Scope s, Value x, int width, int kernel, int stride = 1) =>
        x.Conv(s, width, kernel, stride, initial: Initializer.FanInUniform);

    private static ModelRow Row(string name, ModelBuilder builder) =>
        new(name, "repoptghostnet", builder)
        {
            Paper = "arXiv:2205.15242", Licence = "MIT", CropFraction = 1, DropRate = 0.2, DeployNames = s_deployed,
        };
}
