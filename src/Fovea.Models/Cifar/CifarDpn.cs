using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;

namespace Fovea.Models.Cifar;

/// <summary>Dual path networks (Chen et al. 2017, arXiv:1707.01629): a residual and a dense path through the same bottlenecks of 32 groups.</summary>
internal static class CifarDpn
{
    private static readonly int[] s_dense = [16, 32, 24, 128];

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_dpn26", Of([2, 2, 2, 2])),
        Row("cifar_dpn92", Of([3, 4, 20, 3])),
    ];

    private static ModelBuilder Of(int[] depths) => (s, x, options) =>
    {
        x = CifarBlocks.Stem(s, x, 64);
        var last = -1;
        x = CifarBlocks.Stages(s, x, depths, (at, x, stage, stride) =>
        {
            var first = stage != last;
            last = stage;
            return Block(at, x, stage, stride, first);
        });
        return x.Classifier(s["linear"], options);
    };

    /// <summary>The first channels are summed with the branch, the others are kept, and the branch's others come behind them (fig. 2d).</summary>
    private static Value Block(Scope s, Value x, int stage, int stride, bool first)
    {
        var (inner, summed, dense) = (96 << stage, 256 << stage, s_dense[stage]);
        var y = CifarBlocks.Branch(s, x, inner, summed + dense, stride, groups: 32);
        if (first) x = CifarBlocks.Projection(s["shortcut"], x, summed + dense, stride);
        var sum = x.Slice(axis: 1, start: 0, summed).Plus(y.Slice(axis: 1, start: 0, summed));
        return sum.Concat(axis: 1, x.Slice(axis: 1, summed, x.Shape.C - summed), y.Slice(axis: 1, summed, dense)).Relu();
    }

    private static ModelRow Row(string name, ModelBuilder builder) => CifarRow.Of(name, "dpn", builder, "arXiv:1707.01629");
}
