using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>RMSprop (Tieleman and Hinton 2012), by PyTorch's rule: v = α·v + (1 − α)·g²; b = μ·b + g/(√v + ε); w −= η·b.</summary>
public sealed record RmsPropOptions : OptimizerOptions
{
    private const string Square = "rms_v";
    private const string Mean = "rms_g";
    private const string Velocity = "rms_momentum";

    /// <summary>Default: learning rate 0.01.</summary>
    public RmsPropOptions() => LearningRate = 0.01;

    /// <inheritdoc/>
    public override string Kind => "rmsprop";

    /// <summary>α, the share that the mean square keeps; at least 0 and below 1. Default 0.99.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>μ; at least 0 and below 1. Default 0.</summary>
    public double Momentum { get; init; }

    /// <summary>Whether the square of the mean gradient is taken from v; default false.</summary>
    public bool Centered { get; init; }

    /// <summary>Added to the root of v; above 0, 1e-30 to 1. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

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
        var gradient = update.DecayedGradient;
        var square = update.Keep(Square, update.Slot(Square).Blend(gradient.Square(), Alpha, 1 - Alpha));
        if (Centered) square = square.Minus(update.Keep(Mean, update.Slot(Mean).Blend(gradient, Alpha, 1 - Alpha)).Square()).Maximum(update.Constant(0));
        var step = gradient.Over(square.Sqrt().Plus(Epsilon));
        if (Momentum != 0) step = update.Keep(Velocity, update.Slot(Velocity).Blend(step, Momentum, 1));
        return update.Weight.Minus(step.Times(update.Rate));
    }
}
