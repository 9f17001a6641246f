using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Cifar;

/// <summary>Squeeze-and-excitation (Hu et al. 2017, arXiv:1709.01507): on pre-activation blocks, and SE-ResNet-18 to 152.</summary>
internal static class CifarSeNet
{
    private const int Reduction = 16;

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_senet", PreActivated) with { Aliases = ["cifar_senet18"] },
        Row("cifar_seresnet18", Of([2, 2, 2, 2])),
        Row("cifar_seresnet34", Of([3, 4, 6, 3])),
        Row("cifar_seresnet50", Of([3, 4, 6, 3], bottleneck: true)),
        Row("cifar_seresnet101", Of([3, 4, 23, 3], bottleneck: true)),
        Row("cifar_seresnet152", Of([3, 8, 36, 3], bottleneck: true)),
    ];

    private static Value PreActivated(Scope s, Value x, ModelOptions options)
    {
        x = CifarBlocks.Stem(s, x, 64);
        x = CifarBlocks.Stages(s, x, [2, 2, 2, 2], (at, x, stage, stride) => PreActResNet.Block(at, x, 64 << stage, stride, excites: true));
        return x.Classifier(s["linear"], options);
    }

    private static ModelBuilder Of(int[] depths, bool bottleneck = false) => (s, x, options) =>
    {
        x = x.ConvNormRelu(s["pre"][0], s["pre"][1], 64, kernel: 3, bias: true);
        for (var stage = 0; stage < depths.Length; stage++)
            for (var i = 0; i < depths[stage]; i++)
                x = Block(s[$"stage{stage + 1}"][i], x, 64 << stage, stage > 0 && i == 0 ? 2 : 1, bottleneck);
        return x.Classifier(s["linear"], options);
    };

    /// <summary>A residual block whose branch ends in a ReLU and an excitation of linear layers; every convolution has a bias.</summary>
    private static Value Block(Scope s, Value x, int width, int stride, bool bottleneck)
    {
        var channels = bottleneck ? 4 * width : width;
        var r = s["residual"];
        var y = bottleneck
            ? x.ConvNormRelu(r[0], r[1], width, kernel: 1, bias: true).ConvNormRelu(r[3], r[4], width, kernel: 3, stride, bias: true)
            : x.ConvNormRelu(r[0], r[1], width, kernel: 3, stride, bias: true);
        y = bottleneck ? y.ConvNormRelu(r[6], r[7], channels, kernel: 1, bias: true) : y.ConvNormRelu(r[3], r[4], channels, kernel: 3, bias: true);
        if (bottleneck)
        {
            y = Excite(s["excitation"], y);
            return y.Plus(Shortcut(s["shortcut"], x, channels, stride)).Relu();
        }

        var skip = Shortcut(s["shortcut"], x, channels, stride);
        return Excite(s["excitation"], y).Plus(skip).Relu();
    }

    private static Value Excite(Scope s, Value x)
    {
        var (n, c) = (x.Shape.N, x.Shape.C);
        var weights = x.GlobalAveragePool().Linear(s[0], c / Reduction).Relu().Linear(s[2], c).Sigmoid();
        return x.Times(weights.Reshape(new Shape(n, c, 1, 1)));
    }

    private static Value Shortcut(Scope s, Value x, int channels, int stride) =>
        stride == 1 && x.Shape.C == channels ? x : x.PlainConv(s[0], channels, kernel: 1, stride, bias: true).Norm(s[1]);

    private static ModelRow Row(string name, ModelBuilder builder) => CifarRow.Of(name, "senet", builder, "arXiv:1709.01507");
}
