using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>Wide residual networks (Zagoruyko and Komodakis 2016, arXiv:1605.07146): depth 6n + 4, stages of 16k, 32k and 64k channels.</summary>
internal static class CifarWideResNet
{
    /// <summary>The rate of dropout between the two convolutions of a block; §2.4.</summary>
    private const double InnerDropRate = 0.5;

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_wideresnet", Of(depth: 28, factor: 10)) with { Aliases = ["cifar_wideresnet28_10"], TakesDepth = true },
        Row("cifar_wideresnet40_10", Of(depth: 40, factor: 10)),
    ];

    /// <summary>The depth and the factor of the options come first, where they are given.</summary>
    private static ModelBuilder Of(int depth, int factor) => (s, x, options) =>
    {
        var (d, k) = (options.Depth ?? depth, options.WidthFactor ?? factor);
        if (d < 10 || d % 6 != 4) throw new ModelException($"cifar_wideresnet: depth is {d}; wanted 6n + 4 from 10, as in 16, 28 or 40");
        if (k < 1) throw new ModelException($"cifar_wideresnet: width_factor is {k}; wanted at least 1");
        x = x.PlainConv(s["init_conv"], 16, kernel: 3, bias: true);
        for (var stage = 0; stage < 3; stage++)
            for (var i = 0; i < (d - 4) / 6; i++)
                x = Block(s[$"conv{stage + 2}"][i], x, k * 16 << stage, stage > 0 && i == 0 ? 2 : 1);
        return x.Norm(s["bn"]).Relu().Classifier(s["linear"], options);
    };

    /// <summary>Norm and ReLU in front of each convolution, which all have a bias; the shortcut reads x itself.</summary>
    private static Value Block(Scope s, Value x, int width, int stride)
    {
        var r = s["residual"];
        var y = x.Norm(r[0]).Relu().PlainConv(r[2], width, kernel: 3, stride, bias: true);
        y = y.Norm(r[3]).Relu().Dropout(InnerDropRate).PlainConv(r[6], width, kernel: 3, bias: true);
        var keeps = stride == 1 && x.Shape.C == width;
        return y.Plus(keeps ? x : x.PlainConv(s["shortcut"][0], width, kernel: 1, stride, bias: true));
    }

    private static ModelRow Row(string name, ModelBuilder builder) => CifarRow.Of(name, "wideresnet", builder, "arXiv:1605.07146");
}
