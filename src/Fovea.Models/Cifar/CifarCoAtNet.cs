using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Cifar;

/// <summary>CoAtNet (Dai et al. 2021, arXiv:2106.04803) for small images; names and initialisers follow pytorch-cifar-tricks.</summary>
/// <remarks>
/// Every stage halves the image, rounding up; relative positions follow the image as it comes to a stage. Attention has 8 heads of 32 features.
/// </remarks>
internal static class CifarCoAtNet
{
    private const double Epsilon = 1e-5;
    private const int Expansion = 4;
    private const int Heads = 8;
    private const int HeadWidth = 32;
    private const int Squeeze = 4;

    private static readonly int[] s_narrow = [64, 96, 192, 384, 768];
    private static readonly int[] s_deep = [2, 2, 6, 14, 2];

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_coatnet_0", Of([2, 2, 3, 5, 2], s_narrow)),
        Row("cifar_coatnet_1", Of(s_deep, s_narrow)),
        Row("cifar_coatnet_2", Of(s_deep, [128, 128, 256, 512, 1026])),
    ];

    private static ModelBuilder Of(int[] depths, int[] widths) => (s, x, options) =>
    {
        for (var i = 0; i < depths[0]; i++)
            x = Conv(s["s0"][i][0], x, widths[0], kernel: 3, stride: i == 0 ? 2 : 1).Norm(s["s0"][i][1]).Gelu();
        for (var stage = 1; stage < depths.Length; stage++)
        {
            Value? positions = null;
            for (var i = 0; i < depths[stage]; i++)
            {
                var at = s[$"s{stage}"][i];
                x = stage < 3 ? Convolution(at, x, widths[stage], halves: i == 0) : Transformer(at, x, widths[stage], halves: i == 0, ref positions);
            }
        }

        x = x.GlobalAveragePool();
        if (options.DropRate is { } rate and > 0) x = x.Dropout(rate);
        return x.Linear(s["fc"], options.Classes!.Value, bias: false);
    };

    /// <summary>An inverted residual with a norm in front and squeeze-and-excitation; its first 1×1 convolution skips the pixels that go.</summary>
    private static Value Convolution(Scope s, Value x, int width, bool halves)
    {
        var (inner, squeezed, fn) = (Expansion * x.Shape.C, x.Shape.C / Squeeze, s["conv.fn"]);
        var shortcut = halves ? Halve(s, x, width) : x;
        var y = Conv(fn[0], x.Norm(s["conv.norm"]), inner, kernel: 1, stride: halves ? 2 : 1).Norm(fn[1]).Gelu();
        y = Conv(fn[3], y, inner, kernel: 3, groups: inner).Norm(fn[4]).Gelu();
        var gate = y.GlobalAveragePool().Linear(fn["6.fc.0"], squeezed, bias: false).Gelu().Linear(fn["6.fc.2"], inner, bias: false).Sigmoid();
        y = y.Times(gate.Reshape(new Shape(gate.Shape.N, inner, 1, 1)));
        return shortcut.Plus(Conv(fn[7], y, width, kernel: 1).Norm(fn[8]));
    }

    private static Value Transformer(Scope s, Value x, int width, bool halves, ref Value? positions)
    {
        var (hidden, inner) = (Expansion * x.Shape.C, halves ? Pool(x) : x);
        var shortcut = halves ? Halve(s, x, width) : x;
        var (n, h, w) = (x.Shape.N, inner.Shape.H, inner.Shape.W);
        positions ??= x.Graph.RelativePositions(h, w);
        x = Image(shortcut.Tokens().Plus(Attend(s["attn.1"], inner.Tokens(), width, positions, h, w)));
        var tokens = x.Tokens();
        return Image(tokens.Plus(tokens.LayerNorm(s["ff.1.norm"], Epsilon).FeedForward(s["ff.1.fn.net.0"], s["ff.1.fn.net.3"], hidden, Nodes.Gelu)));

        Value Image(Value y) => y.Reshape(new Shape(n, h, w, y.Shape.H)).Transpose(0, 3, 1, 2);
    }

    private static Value Attend(Scope s, Value x, int width, Value positions, int h, int w)
    {
        var normed = x.LayerNorm(s["norm"], Epsilon);
        var table = s.Parameter("fn.relative_bias_table", new Shape(((2 * h) - 1) * ((2 * w) - 1), Heads), Initializer.Zeros);
        var all = normed.Dense(s["fn.to_qkv"], 3 * Heads * HeadWidth, bias: false);
        var (q, k, v) = (all.Heads(Heads, part: 0, parts: 3), all.Heads(Heads, part: 1, parts: 3), all.Heads(Heads, part: 2, parts: 3));
        return Attention.Attend(q, k, v, 1 / Math.Sqrt(HeadWidth), table.RelativeBias(positions, h * w)).JoinHeads().Dense(s["fn.to_out.0"], width);
    }

    private static Value Halve(Scope s, Value x, int width) => Conv(s["proj"], Pool(x), width, kernel: 1);

    private static Value Pool(Value x) => x.MaxPool(kernel: 3, stride: 2, padding: 1);

    private static Value Conv(Scope s, Value x, int channels, int kernel, int stride = 1, int groups = 1) =>
        x.Conv(s, channels, kernel, stride, groups: groups, initial: Initializer.FanInUniform);

    private static ModelRow Row(string name, ModelBuilder builder) => CifarRow.Of(name, "cifar_coatnet", builder, "arXiv:2106.04803");
}
