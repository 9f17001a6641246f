using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.ImageNet;

internal sealed partial record InvertedResidualNet
{
    /// <summary>A block, which training leaves out at the rate <paramref name="dropPath"/>, and the identity where its shape stays.</summary>
    private Value Block(Scope s, Value x, BlockLine line, int stride, double dropPath)
    {
        var channels = Scaled(line.Channels);
        var y = line.Kind switch
        {
            BlockKind.Plain => (line.Act ?? Act)(Norm(s["bn1"], Conv(s["conv"], x, channels, line.Kernels, stride))),
            BlockKind.Separable => Separable(s, x, line, channels, stride),
            BlockKind.Inverted => Inverted(s, x, line, channels, stride),
            _ => Fused(s, x, line, channels, stride),
        };
        return line.Skips && stride == 1 && x.Shape.C == channels ? y.DropPath(dropPath).Plus(x) : y;
    }

    private Value Separable(Scope s, Value x, BlockLine line, int channels, int stride)
    {
        var act = line.Act ?? Act;
        var y = act(Norm(s["bn1"], Conv(s["conv_dw"], x, x.Shape.C, line.Kernels, stride, depthwise: true)));
        return Norm(s["bn2"], Conv(s["conv_pw"], Squeezed(s["se"], y, line, act), channels, line.Narrowing));
    }

    private Value Inverted(Scope s, Value x, BlockLine line, int channels, int stride)
    {
        var act = line.Act ?? Act;
        var inside = Channels.Divisible(x.Shape.C * line.Expansion);
        var y = act(Norm(s["bn1"], Conv(s["conv_pw"], x, inside, line.Widening)));
        y = act(Norm(s["bn2"], Conv(s["conv_dw"], y, inside, line.Kernels, stride, depthwise: true)));
        return Norm(s["bn3"], Conv(s["conv_pwl"], Squeezed(s["se"], y, line, act), channels, line.Narrowing));
    }

    private Value Fused(Scope s, Value x, BlockLine line, int channels, int stride)
    {
        var act = line.Act ?? Act;
        var inside = Channels.Divisible(x.Shape.C * line.Expansion);
        var y = act(Norm(s["bn1"], Conv(s["conv_exp"], x, inside, line.Kernels, stride)));
        return Norm(s["bn2"], Conv(s["conv_pwl"], Squeezed(s["se"], y, line, act), channels, line.Narrowing));
    }

    private Value Squeezed(Scope s, Value x, BlockLine line, Func<Value, Value> act) => line.Squeeze == 0
        ? x
        : x.SqueezeExcite(s["conv_reduce"], s["conv_expand"], Squeezing.Width(line, x.Shape.C), Squeezing.Act ?? act, Squeezing.Gate);

    /// <summary>A convolution for each kernel, each with its part of the channels that go in and that come out.</summary>
    private Value Conv(Scope s, Value x, int channels, int[] kernels, int stride = 1, bool depthwise = false)
    {
        if (kernels.Length == 1) return Conv(s, x, channels, kernels[0], stride, depthwise);
        var parts = new Value[kernels.Length];
        var start = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var part = x.Slice(axis: 1, start, Part(x.Shape.C, i));
            parts[i] = Conv(s[i], part, Part(channels, i), kernels[i], stride, depthwise);
            start += part.Shape.C;
        }

        return parts[0].Concat(1, parts.AsSpan(1));

        int Part(int all, int i) => (all / kernels.Length) + (i == 0 ? all % kernels.Length : 0);
    }

    /// <summary>A convolution without bias, whose weights start normal with deviation √(2 / (kernel² · channels / groups)).</summary>
    private Value Conv(Scope s, Value x, int channels, int kernel, int stride = 1, bool depthwise = false)
    {
        var groups = depthwise ? x.Shape.C : 1;
        var fanOut = kernel * kernel * channels / groups;
        var w = s.Parameter("weight", new Shape(channels, x.Shape.C / groups, kernel, kernel), new Initializer.Normal(Math.Sqrt(2.0 / fanOut)));
        return x.Conv2d(w, PadsSame ? SamePadding.Of(x.Shape, kernel, stride) : Window2d.Of(stride, kernel / 2), groups);
    }

    private Value Norm(Scope s, Value x) => x.Norm(s, Epsilon);
}
