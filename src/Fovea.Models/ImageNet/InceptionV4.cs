using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.ImageNet;

/// <summary>Inception-v4 (Szegedy et al. 2016, arXiv:1602.07261 §3.1); names and initialisers follow timm.</summary>
internal static class InceptionV4
{
    private static readonly ConvUnits s_units = new(Epsilon: 1e-3);

    internal static IReadOnlyList<ModelRow> Rows { get; } = [InceptionRow.Of("inception_v4", "inception", Build, "arXiv:1602.07261", crop: 0.875)];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        var features = s["features"];
        x = s_units.Chain(features, x, Filter.Halving(32), Filter.Square(32, 3, pads: false), Filter.Square(64, 3));
        x = x.MaxPool(kernel: 3, stride: 2).Concat(axis: 1, s_units.One(features[3]["conv"], x, Filter.Halving(96)));
        x = StemBranches(features[4], x);
        x = s_units.One(features[5]["conv"], x, Filter.Halving(192)).Concat(axis: 1, x.MaxPool(kernel: 3, stride: 2));
        var at = 6;
        for (; at < 10; at++) x = ModuleA(features[at], x);
        x = ReductionA(features[at++], x);
        for (; at < 18; at++) x = ModuleB(features[at], x);
        x = ReductionB(features[at++], x);
        for (; at < 22; at++) x = ModuleC(features[at], x);
        return x.Classifier(s["last_linear"], options);
    }

    private static Value StemBranches(Scope s, Value x)
    {
        var (first, last) = (Filter.Square(64, 1), Filter.Square(96, 3, pads: false));
        return s_units.Chain(s["branch0"], x, first, last)
            .Concat(axis: 1, s_units.Chain(s["branch1"], x, first, Filter.Row(64, 7), Filter.Column(64, 7), last));
    }

    /// <summary>Fig. 4.</summary>
    private static Value ModuleA(Scope s, Value x) => s_units.One(s["branch0"], x, Filter.Square(96, 1)).Concat(axis: 1,
        s_units.Chain(s["branch1"], x, Filter.Square(64, 1), Filter.Square(96, 3)),
        s_units.Chain(s["branch2"], x, Filter.Square(64, 1), Filter.Square(96, 3), Filter.Square(96, 3)),
        Pooled(s, x, 96));

    /// <summary>Fig. 7 with k, l, m, n of table 1.</summary>
    private static Value ReductionA(Scope s, Value x) => s_units.One(s["branch0"], x, Filter.Halving(384)).Concat(axis: 1,
        s_units.Chain(s["branch1"], x, Filter.Square(192, 1), Filter.Square(224, 3), Filter.Halving(256)),
        x.MaxPool(kernel: 3, stride: 2));

    /// <summary>Fig. 5.</summary>
    private static Value ModuleB(Scope s, Value x) => s_units.One(s["branch0"], x, Filter.Square(384, 1)).Concat(axis: 1,
        s_units.Chain(s["branch1"], x, Filter.Square(192, 1), Filter.Row(224, 7), Filter.Column(256, 7)),
        s_units.Chain(s["branch2"], x, Filter.Square(192, 1), Filter.Column(192, 7), Filter.Row(224, 7), Filter.Column(224, 7), Filter.Row(256, 7)),
        Pooled(s, x, 128));

    /// <summary>Fig. 8.</summary>
    private static Value ReductionB(Scope s, Value x) => s_units.Chain(s["branch0"], x, Filter.Square(192, 1), Filter.Halving(192)).Concat(axis: 1,
        s_units.Chain(s["branch1"], x, Filter.Square(256, 1), Filter.Row(256, 7), Filter.Column(320, 7), Filter.Halving(320)),
        x.MaxPool(kernel: 3, stride: 2));

    /// <summary>Fig. 6.</summary>
    private static Value ModuleC(Scope s, Value x)
    {
        var (row, column) = (Filter.Row(256, 3), Filter.Column(256, 3));
        var single = s_units.One(s["branch0"], x, Filter.Square(256, 1));
        var y = s_units.One(s["branch1_0"], x, Filter.Square(384, 1));
        var (row1, column1) = (s_units.One(s["branch1_1a"], y, row), s_units.One(s["branch1_1b"], y, column));
        y = s_units.One(s["branch2_0"], x, Filter.Square(384, 1));
        y = s_units.Numbered(s, "branch2", y, Filter.Column(448, 3), Filter.Row(512, 3));
        var (row2, column2) = (s_units.One(s["branch2_3a"], y, row), s_units.One(s["branch2_3b"], y, column));
        return single.Concat(axis: 1, row1, column1, row2, column2, Pooled(s, x, 256));
    }

    private static Value Pooled(Scope s, Value x, int channels) =>
        s_units.One(s["branch3"][1], x.AvgPool(kernel: 3, stride: 1, padding: 1, countPadding: false), Filter.Square(channels, 1));
}
