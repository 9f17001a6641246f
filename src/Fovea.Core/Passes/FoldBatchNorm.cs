using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Passes;

/// <summary>Folds norms with running statistics, and other scales of channels, into the convolution or fully connected layer beside them.</summary>
/// <remarks>
/// γ·(w∗x + b − μ)/√(σ² + ε) + β = (a·w)∗x + (β + a·(b − μ)) with a = γ/√(σ² + ε). The folded weight keeps its name, the bias is called
/// <c>bias</c> beside it, as in torch.nn.utils.fusion. A norm in front is folded where no padding lies between (1×1 kernels and fully
/// connected layers). A convolution that something else reads too, or whose weight another shares, is left alone, and so are training graphs.
/// </remarks>
public sealed class FoldBatchNorm : Pass
{
    private WeightValues _weights = WeightValues.None;

    /// <inheritdoc/>
    public override string Name => "fold_batch_norm";

    /// <inheritdoc/>
    public override Graph Apply(Graph source) => base.Apply(new EliminateDeadNodes().Apply(source));

    /// <summary>The single convolution or fully connected layer that a node ends, where there is something to fold into it.</summary>
    internal static LinearMap? Match(Node node, WeightValues weights) =>
        (node.Op is Conv2d or MatMul || Reparameterise.MayEnd(node, weights))
        && LinearMap.EndingIn(node.Result, weights) is { Terms: [{ IsScaled: true }], Frame: not null } map
            ? map
            : null;

    /// <inheritdoc/>
    protected override void Prepare(Graph source) => _weights = WeightValues.Of(source);

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (Match(node, _weights) is not { } map) return null;
        var term = map.Terms[0];
        var (weight, bias) = (map.Weight(to, term), map.Bias(to));
        if (term.WeightLabel is { } label) (weight, bias) = (weight.Named(label), bias?.Named(BiasLabel(map, label)));
        return [Reparameterise.Applied(term, to[term.Source], weight, bias)];
    }

    private static string BiasLabel(LinearMap map, string weight)
    {
        var module = Variable.ModuleOf(weight);
        return map.BiasLabels.FirstOrDefault(label => Variable.ModuleOf(label) == module) ?? (module.Length > 0 ? $"{module}.bias" : "bias");
    }
}
