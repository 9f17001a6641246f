using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Training.Optimizers;

/// <summary>Adam (Kingma and Ba 2014, arXiv:1412.6980), by PyTorch's rule: the decay is part of the gradient.</summary>
public sealed record AdamOptions : AdamRuleOptions
{
    /// <inheritdoc/>
    public override string Kind => "adam";

    /// <summary>Whether the largest second moment so far counts (Reddi et al. 2019, arXiv:1904.09237); default false.</summary>
    public bool Amsgrad { get; init; }

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update) => update.Weight.Minus(AdamStep(update, update.DecayedGradient, Amsgrad));
}
