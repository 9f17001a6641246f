using Fovea.Graphs;
using Fovea.Images;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>GhostNet (Han et al. 2019, arXiv:1911.11907); names and initialisers follow timm.</summary>
internal static class GhostNet
{
    private const int Head = 1280;
    private const double Squeeze = 0.25;

    /// <summary>Table 1 of the paper: the blocks of each stage.</summary>
    private static readonly Bottleneck[][] s_stages =
    [
        [new(3, 16, 16)],
        [new(3, 48, 24, Stride: 2)],
        [new(3, 72, 24)],
        [new(5, 72, 40, Stride: 2, Squeezes: true)],
        [new(5, 120, 40, Squeezes: true)],
        [new(3, 240, 80, Stride: 2)],
        [new(3, 200, 80), new(3, 184, 80), new(3, 184, 80), new(3, 480, 112, Squeezes: true), new(3, 672, 112, Squeezes: true)],
        [new(5, 672, 160, Stride: 2, Squeezes: true)],
        [new(5, 960, 160), new(5, 960, 160, Squeezes: true), new(5, 960, 160), new(5, 960, 160, Squeezes: true)],
    ];

    /// <summary>Three widths.</summary>
    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("ghostnet_050", 0.5),
        Row("ghostnet_100", 1),
        Row("ghostnet_130", 1.3),
    ];

    /// <summary>The catalogue's delegate for a factor of all channels.</summary>
    internal static ModelBuilder Of(double width) => (s, x, options) =>
    {
        x = Conv(s["conv_stem"], x, Scaled(16, width), kernel: 3, stride: 2).Norm(s["bn1"]).Relu();
        for (var stage = 0; stage < s_stages.Length; stage++)
            for (var i = 0; i < s_stages[stage].Length; i++)
            {
                var block = s_stages[stage][i];
                x = Block(s["blocks"][stage][i], x, block with { Inside = Scaled(block.Inside, width), Channels = Scaled(block.Channels, width) });
            }

        var last = s["blocks"][s_stages.Length][0];
        x = Conv(last["conv"], x, Scaled(s_stages[^1][^1].Inside, width), kernel: 1).Norm(last["bn1"]).Relu();
        x = x.GlobalAveragePool().Conv(s["conv_head"], Head, kernel: 1, bias: true, initial: Initializer.FanInUniform).Relu();
        return x.Logits(s["classifier"], options);
    };

    /// <summary>Two ghost modules, a depthwise convolution between them where the image shrinks, around an identity (fig. 3).</summary>
    private static Value Block(Scope s, Value x, Bottleneck block)
    {
        var y = Module(s["ghost1"], x, block.Inside, Nodes.Relu);
        if (block.Stride > 1) y = Depthwise(s["conv_dw"], y, block).Norm(s["bn_dw"]);
        if (block.Squeezes) y = Squeezed(s["se"], y);
        return Module(s["ghost2"], y, block.Channels).Plus(Shortcut(s["shortcut"], x, block));
    }

    /// <summary>Half of the channels by a 1×1 convolution, the other half from those by a cheap depthwise one (fig. 1b).</summary>
    private static Value Module(Scope s, Value x, int channels, Func<Value, Value>? act = null)
    {
        var half = (channels + 1) / 2;
        var (primary, cheap) = (s["primary_conv"], s["cheap_operation"]);
        var own = Activated(Conv(primary[0], x, half, kernel: 1).Norm(primary[1]));
        var ghosts = Activated(Conv(cheap[0], own, half, kernel: 3, groups: half).Norm(cheap[1]));
        var both = own.Concat(1, ghosts);
        return channels % 2 == 0 ? both : both.Slice(axis: 1, start: 0, channels);

        Value Activated(Value y) => act is null ? y : act(y);
    }

    private static Value Squeezed(Scope s, Value x)
    {
        var reduced = Channels.Divisible(x.Shape.C * Squeeze, divisor: 4);
        return x.SqueezeExcite(s["conv_reduce"], s["conv_expand"], reduced, gate: Nodes.HardSigmoid, initial: Initializer.FanInUniform);
    }

    private static Value Shortcut(Scope s, Value x, Bottleneck block)
    {
        if (block.Stride == 1 && x.Shape.C == block.Channels) return x;
        var y = Depthwise(s[0], x, block).Norm(s[1]);
        return Conv(s[2], y, block.Channels, kernel: 1).Norm(s[3]);
    }

    private static Value Depthwise(Scope s, Value x, Bottleneck block) => Conv(s, x, x.Shape.C, block.Kernel, block.Stride, groups: x.Shape.C);

    private static Value Conv(Scope s, Value x, int channels, int kernel, int stride = 1, int groups = 1) =>
        x.Conv(s, channels, kernel, stride, groups: groups, initial: Initializer.FanInUniform);

    private static int Scaled(int channels, double width) => Channels.Divisible(channels * width, divisor: 4);

    private static ModelRow Row(string name, double width) =>
        new(name, "ghostnet", Of(width))
        {
            Paper = "arXiv:1911.11907", Licence = "Apache-2.0", Interpolation = Interpolation.Bicubic, DropRate = 0.2, OtherNames = [MindCvNames.GhostNet],
        };

    /// <summary>A block of table 1.</summary>
    /// <param name="Kernel">Rows and columns of its depthwise convolutions.</param>
    /// <param name="Inside">Channels between its ghost modules.</param>
    /// <param name="Channels">Those that come out.</param>
    /// <param name="Stride">That of its depthwise convolutions.</param>
    /// <param name="Squeezes">Whether it squeezes and excites.</param>
    private sealed record Bottleneck(int Kernel, int Inside, int Channels, int Stride = 1, bool Squeezes = false);
}
