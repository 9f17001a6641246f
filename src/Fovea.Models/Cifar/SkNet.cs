using Fovea.Graphs;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Models.Cifar;

/// <summary>SK-ResNeXt-29 (Li et al. 2019, arXiv:1903.06586): the middle of each bottleneck chooses between kernels of 1×1 and 3×3.</summary>
internal static class SkNet
{
    private const int Branches = 2;
    private const int Reduction = 32;
    private const int SmallestWidth = 32;

    internal static IReadOnlyList<ModelRow> Rows { get; } =
    [
        Row("cifar_sk_resnext29_16x32d", 32),
        Row("cifar_sk_resnext29_16x64d", 64),
    ];

    /// <summary>Branches of growing kernels, each channel of them weighed by a softmax over the branches (fig. 1).</summary>
    private static Value Select(Scope block, Value x, int groups, int stride)
    {
        var (s, n, c) = (block["conv_sk"], x.Shape.N, x.Shape.C);
        var branches = new Value[Branches];
        for (var i = 0; i < Branches; i++)
            branches[i] = GroupedResNeXt.Conv(s["convs"][i][0], x, c, (2 * i) + 1, stride, groups, bias: true).Norm(s["convs"][i][1]).Relu();
        var fused = branches[0];
        for (var i = 1; i < Branches; i++) fused = fused.Plus(branches[i]);
        var z = fused.GlobalAveragePool().Linear(s["fc"], Math.Max(c / Reduction, SmallestWidth));
        var votes = new Value[Branches];
        for (var i = 0; i < Branches; i++) votes[i] = z.Linear(s["fcs"][i], c).Reshape(new Shape(n, 1, c));
        var weights = votes[0].Concat(axis: 1, votes.AsSpan(1)).Softmax(axis: 1);
        Value? y = null;
        for (var i = 0; i < Branches; i++)
        {
            var weighed = branches[i].Times(weights.Slice(axis: 1, i, size: 1).Reshape(new Shape(n, c, 1, 1)));
            y = y is null ? weighed : y.Plus(weighed);
        }

        return y!;
    }

    private static ModelRow Row(string name, int width)
    {
        var body = new GroupedResNeXt(Cardinality: 16, Depth: 29, width) { Middle = Select };
        return CifarRow.Of(name, "sknet", body.Build, "arXiv:1903.06586");
    }
}
