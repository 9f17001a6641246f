using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>Inception-v3 (Szegedy et al. 2015, arXiv:1512.00567) for 32 pixels: the first layers keep the size.</summary>
/// <remarks>Names and initialisers follow pytorch-cifar-tricks.</remarks>
internal static class CifarInceptionV3
{
    private static readonly ConvUnits s_units = new(Epsilon: 1e-5);

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        CifarRow.Of("cifar_inceptionv3", "cifar_inception", Build, "arXiv:1512.00567") with { DropRate = 0.5 },
    ];

    private static Value Build(Scope s, Value x, ModelOptions options)
    {
        x = s_units.One(s["Conv2d_1a_3x3"], x, Filter.Square(32, 3));
        x = s_units.One(s["Conv2d_2a_3x3"], x, Filter.Square(32, 3));
        x = s_units.One(s["Conv2d_2b_3x3"], x, Filter.Square(64, 3));
        x = s_units.One(s["Conv2d_3b_1x1"], x, Filter.Square(80, 1));
        x = s_units.One(s["Conv2d_4a_3x3"], x, Filter.Square(192, 3, pads: false));
        x = ModuleA(s["Mixed_5b"], x, pooled: 32);
        x = ModuleA(s["Mixed_5c"], x, pooled: 64);
        x = ModuleA(s["Mixed_5d"], x, pooled: 64);
        x = ReductionA(s["Mixed_6a"], x);
        x = ModuleB(s["Mixed_6b"], x, width: 128);
        x = ModuleB(s["Mixed_6c"], x, width: 160);
        x = ModuleB(s["Mixed_6d"], x, width: 160);
        x = ModuleB(s["Mixed_6e"], x, width: 192);
        x = ReductionB(s["Mixed_7a"], x);
        x = ModuleC(s["Mixed_7b"], x);
        return ModuleC(s["Mixed_7c"], x).Classifier(s["linear"], options);
    }

    private static Value ModuleA(Scope s, Value x, int pooled) => s_units.One(s["branch1x1"], x, Filter.Square(64, 1)).Concat(axis: 1,
        s_units.Chain(s["branch5x5"], x, Filter.Square(48, 1), Filter.Square(64, 5)),
        s_units.Chain(s["branch3x3"], x, Filter.Square(64, 1), Filter.Square(96, 3), Filter.Square(96, 3)),
        Pooled(s["branchpool"], x, Filter.Square(pooled, 3)));

    private static Value ReductionA(Scope s, Value x) => s_units.One(s["branch3x3"], x, Filter.Halving(384)).Concat(axis: 1,
        s_units.Chain(s["branch3x3stack"], x, Filter.Square(64, 1), Filter.Square(96, 3), Filter.Halving(96)),
        x.MaxPool(kernel: 3, stride: 2));

    private static Value ModuleB(Scope s, Value x, int width)
    {
        var (first, row, column, last) = (Filter.Square(width, 1), Filter.Row(width, 7), Filter.Column(width, 7), Filter.Row(192, 7));
        return s_units.One(s["branch1x1"], x, Filter.Square(192, 1)).Concat(axis: 1,
            s_units.Chain(s["branch7x7"], x, first, column, last),
            s_units.Chain(s["branch7x7stack"], x, first, column, row, column, last),
            Pooled(s["branch_pool"], x, Filter.Square(192, 1)));
    }

    private static Value ReductionB(Scope s, Value x) => s_units.Chain(s["branch3x3"], x, Filter.Square(192, 1), Filter.Halving(320)).Concat(axis: 1,
        s_units.Chain(s["branch7x7"], x, Filter.Square(192, 1), Filter.Row(192, 7), Filter.Column(192, 7), Filter.Halving(192)),
        x.AvgPool(kernel: 3, stride: 2));

    private static Value ModuleC(Scope s, Value x)
    {
        var single = s_units.One(s["branch1x1"], x, Filter.Square(320, 1));
        var y = s_units.One(s["branch3x3_1"], x, Filter.Square(384, 1));
        var (row, column) = (s_units.One(s["branch3x3_2a"], y, Filter.Row(384, 3)), s_units.One(s["branch3x3_2b"], y, Filter.Column(384, 3)));
        y = s_units.Numbered(s, "branch3x3stack", x, Filter.Square(448, 1), Filter.Square(384, 3));
        var (row2, column2) = (s_units.One(s["branch3x3stack_3a"], y, Filter.Row(384, 3)), s_units.One(s["branch3x3stack_3b"], y, Filter.Column(384, 3)));
        return single.Concat(axis: 1, row, column, row2, column2, Pooled(s["branch_pool"], x, Filter.Square(192, 1)));
    }

    private static Value Pooled(Scope s, Value x, Filter filter) => s_units.One(s[1], x.AvgPool(kernel: 3, stride: 1, padding: 1), filter);
}
