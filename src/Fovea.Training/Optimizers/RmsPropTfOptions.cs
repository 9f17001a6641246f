using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Training.Optimizers;

/// <summary>
/// RMSprop by TensorFlow's rule, as timm has it: v starts at 1; v = α·v + (1 − α)·g²; b = μ·b + η·g/√(v + ε); w −= b. EfficientNets were trained so.
/// </summary>
public sealed record RmsPropTfOptions : RmsPropRuleOptions
{
    /// <summary>Defaults: alpha 0.9, momentum 0.9, epsilon 0.001.</summary>
    public RmsPropTfOptions() => (Alpha, Momentum, Epsilon) = (0.9, 0.9, 1e-3);

    /// <inheritdoc/>
    public override string Kind => "rmsprop_tf";

    /// <summary>Whether the decay is η·λ·w beside the step, in place of λ·w in the gradient; default false.</summary>
    public bool DecoupledDecay { get; init; }

    /// <summary>Whether b holds the steps with the learning rates they had; otherwise the present rate is applied to all of b. Default true.</summary>
    public bool RateInMomentum { get; init; } = true;

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update)
    {
        var gradient = DecoupledDecay ? update.Gradient : update.DecayedGradient;
        var step = gradient.Over(MeanSquare(update, gradient, start: 1).Plus(Epsilon).Sqrt());
        step = RateInMomentum ? Direction(update, step.Times(update.Rate)) : Direction(update, step).Times(update.Rate);
        return DecoupledDecay ? update.DecayedWeightMinus(step) : update.Weight.Minus(step);
    }
}
