using Fovea.Graphs;

namespace Fovea.Training.Optimizers;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv:1711.05101), by PyTorch's rule: the decay is η·λ·w.</summary>
public sealed record AdamWOptions : AdamRuleOptions
{
    /// <summary>Defaults: learning rate 0.001, weight decay 0.05.</summary>
    public AdamWOptions() => WeightDecay = 0.05;

    /// <inheritdoc/>
    public override string Kind => "adamw";

    /// <inheritdoc/>
    public override int? GradientDegree => 0;

    /// <summary>Whether the largest second moment so far counts (Reddi et al. 2019, arXiv:1904.09237); default false.</summary>
    public bool Amsgrad { get; init; }

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update) => update.DecayedWeightMinus(AdamStep(update, update.Gradient, Amsgrad));
}
