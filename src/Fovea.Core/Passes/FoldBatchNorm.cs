using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Passes;

/// <summary>Folds a norm with running statistics into the convolution that feeds it.</summary>
/// <remarks>
/// γ·(w∗x + b − μ)/√(σ² + ε) + β = (a·w)∗x + (β + a·(b − μ)) with a = γ/√(σ² + ε). The folded weight keeps the convolution's name,
/// the bias is called <c>bias</c> beside it, as in torch.nn.utils.fusion. A convolution that something else reads too, or whose weight
/// another shares, is left alone, and so are training graphs.
/// </remarks>
public sealed class FoldBatchNorm : Pass
{
    private WeightValues _weights = WeightValues.None;

    /// <inheritdoc/>
    public override string Name => "fold_batch_norm";

    /// <inheritdoc/>
    public override Graph Apply(Graph source) => base.Apply(new EliminateDeadNodes().Apply(source));

    /// <summary>The convolution and norm that end in a node, where they can be folded.</summary>
    internal static LinearBranch? Match(Node node, WeightValues weights) =>
        node.Op is BatchNorm && LinearBranch.EndingIn(node.Result, weights) is { Convolution: not null } branch ? branch : null;

    /// <inheritdoc/>
    protected override void Prepare(Graph source) => _weights = WeightValues.Of(source);

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to)
    {
        if (Match(node, _weights) is not { } branch) return null;
        var conv = branch.Convolution!;
        var (weight, bias) = (branch.Weight(to, conv.Groups), branch.Bias(to)!);
        if (branch.WeightLabel is { } label) (weight, bias) = (weight.Named(label), bias.Named(branch.BiasLabel ?? BiasBeside(label)));
        return [to[branch.Source].Conv2d(weight, conv.Window, conv.Groups).PlusChannels(bias)];
    }

    private static string BiasBeside(string weight) => Variable.ModuleOf(weight) is { Length: > 0 } module ? $"{module}.bias" : "bias";
}
