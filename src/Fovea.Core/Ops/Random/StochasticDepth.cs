using Fovea.Graphs;

namespace Fovea.Ops;

/// <summary>Drops the branch of a whole batch in training, unscaled where it survives; evaluation scales it by the probability of survival.</summary>
/// <remarks>
/// Huang et al. 2016, arXiv:1603.09382, section 3. A norm in a branch that is dropped still takes the batch into its running statistics.
/// </remarks>
/// <param name="Survival">The probability that the branch survives, above 0 to 1; the paper lets it fall linearly with depth, to 0.5.</param>
public sealed record StochasticDepth(double Survival) : RandomBranch
{
    /// <inheritdoc/>
    public override string Name => "stochastic_depth";

    /// <inheritdoc/>
    public override ScaleLaw Law => new(Survival, 1, default, default, GatePerImage: false, DrawPerImage: false);

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("survival", Survival);

    internal static StochasticDepth Parse(AttributeReader from) => new(from.Number("survival"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.StochasticDepth"/>; x itself where the branch always survives.</summary>
    public static Value StochasticDepth(this Value x, double survival) => survival == 1 ? x : x.Graph.Add(new StochasticDepth(survival), x);
}
