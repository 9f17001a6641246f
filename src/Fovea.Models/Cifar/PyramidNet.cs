using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>Deep pyramidal residual networks (Han et al. 2016, arXiv:1610.02915) with ShakeDrop (Yamada et al. 2018, arXiv:1802.02375).</summary>
/// <remarks>Every block is wider than the one before by the same addend. Convolutions start He-normal by fan-out.</remarks>
internal static class PyramidNet
{
    private const int StemChannels = 16;
    private const int Stages = 3;
    private const int Expansion = 4;
    private const double LastDrop = 0.5;

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_pyramidnet272", depth: 272, alpha: 200),
        Row("cifar_pyramidnet164", depth: 164, alpha: 270),
        Row("cifar_pyramidnet_small", depth: 29, alpha: 24),
    ];

    /// <summary>Bottlenecks; <paramref name="alpha"/> is by how many channels the last is wider than the stem, before the expansion.</summary>
    private static Value Build(Scope s, Value x, ModelOptions options, int depth, int alpha)
    {
        var units = (depth - 2) / 9;
        var (blocks, width) = (Stages * units, (double)StemChannels);
        x = x.Conv(s["conv1"], StemChannels, kernel: 3).Norm(s["bn1"]);
        for (var i = 0; i < blocks; i++)
        {
            width += (double)alpha / blocks;
            var (stage, unit) = Math.DivRem(i, units);
            x = Block(s[$"layer{stage + 1}"][unit], x, (int)Math.Round(width), stage > 0 && unit == 0 ? 2 : 1, 1 - (LastDrop * (i + 1) / blocks));
        }

        return x.Norm(s["bn_final"]).Relu().Classifier(s["fc"], options);
    }

    /// <summary>Norms stand around all convolutions, without a ReLU at either end (fig. 6d).</summary>
    private static Value Block(Scope s, Value x, int width, int stride, double survival)
    {
        var y = x.Norm(s["bn1"]).Conv(s["conv1"], width, kernel: 1);
        y = y.Norm(s["bn2"]).Relu().Conv(s["conv2"], width, kernel: 3, stride);
        y = y.Norm(s["bn3"]).Relu().Conv(s["conv3"], Expansion * width, kernel: 1);
        y = y.Norm(s["bn4"]).ShakeDrop(survival);
        var skip = stride == 1 ? x : Halved(x);
        var missing = y.Shape.C - skip.Shape.C;
        return y.Plus(missing == 0 ? skip : skip.Pad(axis: 1, before: 0, missing));
    }

    /// <summary>Means of 2×2 pixels; at the edge of an odd extent, of those that are there.</summary>
    private static Value Halved(Value x) =>
        x.AvgPool(2, 2, new Window2d(2, 2, Bottom: x.Shape.H % 2, Right: x.Shape.W % 2), countPadding: false);

    private static ModelRow Row(string name, int depth, int alpha) =>
        CifarRow.Of(name, "pyramidnet", (s, x, options) => Build(s, x, options, depth, alpha), "arXiv:1610.02915");
}
