using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Cifar;

/// <summary>CvT (Wu et al. 2021, arXiv:2103.15808) for small images; names and initialisers follow pytorch-cifar-tricks.</summary>
/// <remarks>Queries, keys and values come from depthwise convolutions. Its norm divides by the deviation + ε, rather than by √(variance + ε).</remarks>
internal static class CifarCvt
{
    private const double Epsilon = 1e-5;
    private const int HeadWidth = 64;
    private const int MlpRatio = 4;

    private static readonly (int Width, int Stride, int Heads, int Depth)[] s_stages = [(64, 4, 1, 1), (192, 2, 3, 2), (384, 2, 6, 10)];

    internal static IReadOnlyList<ModelRow> Rows { get; } = [CifarRow.Of("cifar_cvt", "cifar_cvt", Build, "arXiv:2103.15808")];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        var layers = s["layers"];
        for (var i = 0; i < s_stages.Length; i++)
        {
            var (stage, at) = (s_stages[i], layers[i]);
            x = Norm(at[1], Conv(at[0], x, stage.Width, kernel: 3, stage.Stride));
            for (var j = 0; j < stage.Depth; j++) x = Block(at["2.layers"][j], x, stage.Heads);
        }

        return x.Classifier(layers[5], options);
    }

    private static Value Block(Scope s, Value x, int heads)
    {
        x = Attend(s["0.fn"], Norm(s["0.norm"], x), heads).Plus(x);
        var (y, net) = (Norm(s["1.norm"], x), s["1.fn.net"]);
        return Conv(net[3], Conv(net[0], y, MlpRatio * x.Shape.C, kernel: 1).Gelu(), x.Shape.C, kernel: 1).Plus(x);
    }

    /// <summary>Keys and values are taken at every second pixel.</summary>
    private static Value Attend(Scope s, Value x, int heads)
    {
        var inner = heads * HeadWidth;
        var q = ByHead(Project(s["to_q.net"], x, inner, stride: 1));
        var kv = Project(s["to_kv.net"], x, 2 * inner, stride: 2);
        var y = Attention.AttendImages(q, ByHead(kv.Slice(axis: 1, 0, inner)), ByHead(kv.Slice(axis: 1, inner, inner)), 1 / Math.Sqrt(HeadWidth));
        return Conv(s["to_out.0"], y.Reshape(new Shape(x.Shape.N, inner, x.Shape.H, x.Shape.W)), x.Shape.C, kernel: 1);

        Value ByHead(Value z) => z.Reshape(new Shape(z.Shape.N, heads, HeadWidth, z.Shape.H * z.Shape.W));
    }

    private static Value Project(Scope s, Value x, int channels, int stride)
    {
        var y = x.Conv(s[0], x.Shape.C, kernel: 3, stride, groups: x.Shape.C, initial: Initializer.FanInUniform).Norm(s[1]);
        return y.Conv(s[2], channels, kernel: 1, initial: Initializer.FanInUniform);
    }

    /// <summary>Over the channels of each pixel.</summary>
    private static Value Norm(Scope s, Value x)
    {
        var (n, c, h, w) = (x.Shape.N, x.Shape.C, x.Shape.H, x.Shape.W);
        var centred = x.Minus(x.Mean(1).Reshape(new Shape(n, 1, h, w)));
        var deviation = centred.Square().Mean(1).Sqrt().Reshape(new Shape(n, 1, h, w));
        var (gain, bias) = (s.Parameter("g", new Shape(1, c, 1, 1), Initializer.Ones), s.Parameter("b", new Shape(1, c, 1, 1), Initializer.Zeros));
        return centred.Over(deviation.Plus(Epsilon)).Times(gain).Plus(bias);
    }

    private static Value Conv(Scope s, Value x, int channels, int kernel, int stride = 1) =>
        x.Conv(s, channels, kernel, stride, bias: true, initial: Initializer.FanInUniform);
}
