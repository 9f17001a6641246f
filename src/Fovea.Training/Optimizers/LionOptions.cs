using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>Lion (Chen et al. 2023, arXiv:2302.06675): w = (1 − η·λ)·w − η·sign(β₁·m + (1 − β₁)·g); m = β₂·m + (1 − β₂)·g.</summary>
public sealed record LionOptions : OptimizerOptions
{
    private const string Moment = "lion_m";

    /// <summary>Defaults: learning rate 0.0001, weight decay 0.5.</summary>
    public LionOptions() => (LearningRate, WeightDecay) = (1e-4, 0.5);

    /// <inheritdoc/>
    public override string Kind => "lion";

    /// <summary>The share of the moment in the step; at least 0 and below 1. Default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <inheritdoc/>
    public override double KeptDirection => Beta1;

    /// <summary>The share that the moment keeps; at least 0 and below 1. Default 0.99.</summary>
    public double Beta2 { get; init; } = 0.99;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(Beta1, 0, 1);
        checks.Below(Beta2, 0, 1);
    }

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update)
    {
        var moment = update.Slot(Moment);
        var direction = moment.Blend(update.Gradient, Beta1, 1 - Beta1);
        update.Keep(Moment, moment.Blend(update.Gradient, Beta2, 1 - Beta2));
        var zero = direction.Times(0);
        var sign = direction.AtLeast(zero).Minus(zero.AtLeast(direction));
        return update.DecayedWeightMinus(sign.Times(update.Rate));
    }
}
