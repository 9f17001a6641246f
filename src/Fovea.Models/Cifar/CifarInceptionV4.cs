using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>Inception-v4 (Szegedy et al. 2016, arXiv:1602.07261 §3.1) for 32 pixels: the stem keeps the size but for two pixels.</summary>
/// <remarks>Names and initialisers follow pytorch-cifar-tricks.</remarks>
internal static class CifarInceptionV4
{
    private static readonly ConvUnits s_units = new(Epsilon: 1e-5);

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        CifarRow.Of("cifar_inceptionv4", "cifar_inception", Build, "arXiv:1602.07261") with { DropRate = 0.2 },
    ];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        x = Stem(s["stem"], x);
        for (var i = 0; i < 4; i++) x = ModuleA(s["inception_a"][$"InceptionA_{i}"], x);
        x = ReductionA(s["reduction_a"], x, 192, 224, 256);
        for (var i = 0; i < 7; i++) x = ModuleB(s["inception_b"][$"InceptionB_{i}"], x);
        x = ReductionB(s["reduction_b"], x);
        for (var i = 0; i < 3; i++) x = ModuleC(s["inception_c"][$"InceptionC_{i}"], x);
        return x.Classifier(s["linear"], options);
    }

    /// <summary>Fig. 3 without its strides; Inception-ResNet-v2 has the same.</summary>
    internal static Value Stem(Scope s, Value x)
    {
        x = s_units.Chain(s["conv1"], x, Filter.Square(32, 3, pads: false), Filter.Square(32, 3), Filter.Square(64, 3));
        x = s_units.One(s["branch3x3_conv"], x, Filter.Square(96, 3)).Concat(axis: 1, x.MaxPool(kernel: 3, stride: 1, padding: 1));
        x = s_units.Chain(s["branch7x7a"], x, Filter.Square(64, 1), Filter.Column(64, 7), Filter.Row(64, 7), Filter.Square(96, 3))
            .Concat(axis: 1, s_units.Chain(s["branch7x7b"], x, Filter.Square(64, 1), Filter.Square(96, 3)));
        return x.MaxPool(kernel: 3, stride: 1, padding: 1).Concat(axis: 1, s_units.One(s["branchpoolb"], x, Filter.Square(192, 3)));
    }

    /// <summary>Fig. 7 with k, l, m of table 1; n is 384.</summary>
    internal static Value ReductionA(Scope s, Value x, int k, int l, int m) =>
        s_units.Chain(s["branch3x3stack"], x, Filter.Square(k, 1), Filter.Square(l, 3), Filter.Halving(m))
            .Concat(axis: 1, s_units.One(s["branch3x3"], x, Filter.Halving(384)), x.MaxPool(kernel: 3, stride: 2));

    private static Value ModuleA(Scope s, Value x) =>
        s_units.Chain(s["branch3x3stack"], x, Filter.Square(64, 1), Filter.Square(96, 3), Filter.Square(96, 3)).Concat(axis: 1,
            s_units.Chain(s["branch3x3"], x, Filter.Square(64, 1), Filter.Square(96, 3)),
            s_units.One(s["branch1x1"], x, Filter.Square(96, 1)),
            Pooled(s, x, 96));

    private static Value ModuleB(Scope s, Value x)
    {
        var stack = s_units.Chain(
            s["branch7x7stack"], x, Filter.Square(192, 1), Filter.Row(192, 7), Filter.Column(224, 7), Filter.Row(224, 7), Filter.Column(256, 7));
        var two = s_units.Chain(s["branch7x7"], x, Filter.Square(192, 1), Filter.Row(224, 7), Filter.Column(256, 7));
        return s_units.One(s["branch1x1"], x, Filter.Square(384, 1)).Concat(axis: 1, two, stack, Pooled(s, x, 128));
    }

    private static Value ReductionB(Scope s, Value x)
    {
        var seven = s_units.Chain(s["branch7x7"], x, Filter.Square(256, 1), Filter.Row(256, 7), Filter.Column(320, 7), Filter.Square(320, 3, stride: 2));
        var three = s_units.Chain(s["branch3x3"], x, Filter.Square(192, 1), Filter.Square(192, 3, stride: 2));
        return three.Concat(axis: 1, seven, x.MaxPool(kernel: 3, stride: 2, padding: 1));
    }

    private static Value ModuleC(Scope s, Value x)
    {
        var (row, column) = (Filter.Row(256, 3), Filter.Column(256, 3));
        var y = s_units.Chain(s["branch3x3stack"], x, Filter.Square(384, 1), Filter.Row(448, 3), Filter.Column(512, 3));
        var (stackRow, stackColumn) = (s_units.One(s["branch3x3stacka"], y, row), s_units.One(s["branch3x3stackb"], y, column));
        y = s_units.One(s["branch3x3"], x, Filter.Square(384, 1));
        var (threeColumn, threeRow) = (s_units.One(s["branch3x3a"], y, column), s_units.One(s["branch3x3b"], y, row));
        var single = s_units.One(s["branch1x1"], x, Filter.Square(256, 1));
        return single.Concat(axis: 1, threeColumn, threeRow, stackRow, stackColumn, Pooled(s, x, 256));
    }

    private static Value Pooled(Scope s, Value x, int channels) =>
        s_units.One(s["branchpool"][1], x.AvgPool(kernel: 3, stride: 1, padding: 1), Filter.Square(channels, 1));
}
