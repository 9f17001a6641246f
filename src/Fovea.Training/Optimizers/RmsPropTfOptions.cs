using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>
/// RMSprop by TensorFlow's rule, as timm has it: v starts at 1; v = α·v + (1 − α)·g²; b = μ·b + η·g/√(v + ε); w −= b. EfficientNets were trained so.
/// </summary>
public sealed record RmsPropTfOptions : OptimizerOptions
{
    private const string Square = "rms_tf_v";
    private const string Mean = "rms_tf_g";
    private const string Velocity = "rms_tf_momentum";

    /// <summary>Default: learning rate 0.01.</summary>
    public RmsPropTfOptions() => LearningRate = 0.01;

    /// <inheritdoc/>
    public override string Kind => "rmsprop_tf";

    /// <summary>α, the share that the mean square keeps; at least 0 and below 1. Default 0.9.</summary>
    public double Alpha { get; init; } = 0.9;

    /// <summary>μ; at least 0 and below 1. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the square of the mean gradient is taken from v; default false.</summary>
    public bool Centered { get; init; }

    /// <summary>Added to v below the root; above 0, 1e-30 to 1. Default 0.001.</summary>
    public double Epsilon { get; init; } = 1e-3;

    /// <summary>Whether the decay is η·λ·w beside the step, in place of λ·w in the gradient; default false.</summary>
    public bool DecoupledDecay { get; init; }

    /// <summary>Whether b holds the steps with the learning rates they had; otherwise the present rate is applied to all of b. Default true.</summary>
    public bool RateInMomentum { get; init; } = true;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(Alpha, 0, 1);
        checks.Below(Momentum, 0, 1);
        checks.Positive(Epsilon, 1);
    }

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update)
    {
        var gradient = DecoupledDecay ? update.Gradient : update.DecayedGradient;
        var square = update.Keep(Square, update.Slot(Square, start: 1).Blend(gradient.Square(), Alpha, 1 - Alpha));
        if (Centered) square = square.Minus(update.Keep(Mean, update.Slot(Mean).Blend(gradient, Alpha, 1 - Alpha)).Square()).Maximum(update.Constant(0));
        var step = gradient.Over(square.Plus(Epsilon).Sqrt());
        if (RateInMomentum || Momentum == 0) step = step.Times(update.Rate);
        if (Momentum != 0) step = update.Keep(Velocity, update.Slot(Velocity).Blend(step, Momentum, 1));
        if (!RateInMomentum && Momentum != 0) step = step.Times(update.Rate);
        return DecoupledDecay ? update.DecayedWeightMinus(step) : update.Weight.Minus(step);
    }
}
