using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>Joins chains of additions of equal types, and a ReLU behind them, into one <see cref="SumAll"/>.</summary>
internal sealed class FuseSums : Pass
{
    public override string Name => "fuse_sums";

    protected override Value[]? Rewrite(Node node, Remap to) => node switch
    {
        { Op: Add, Inputs: [var a, var b] } when a.Type == b.Type => [to.Graph.Add(new SumAll(null), to[a], to[b])],
        { Op: SumAll sum } when node.Inputs.Any(IsInnerSum) =>
            [to.Graph.Add(sum, [.. node.Inputs.SelectMany(input => IsInnerSum(input) ? input.Node.Inputs : [input]).Select(term => to[term])])],
        { Op: Relu relu, Inputs: [{ UsedOnce: true, Op: SumAll { Activation: null } } inner] } =>
            [to.Graph.Add(new SumAll(relu), [.. inner.Node.Inputs.Select(term => to[term])])],
        _ => null,
    };

    private static bool IsInnerSum(Value value) => value.UsedOnce && value.Op is SumAll { Activation: null };
}
