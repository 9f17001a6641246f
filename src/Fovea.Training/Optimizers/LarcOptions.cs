using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>
/// LARC around SGD, as NVIDIA's apex has it: every parameter's g + λ·w is scaled by r = trust·|w|/(|g| + λ·|w| + ε), or by min(r/η, 1) where clipped.
/// A parameter one of whose norms is 0 keeps its gradient.
/// </summary>
public sealed record LarcOptions : OptimizerOptions
{
    /// <inheritdoc/>
    public override string Kind => "larc";

    /// <summary>μ; at least 0 and below 1. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <inheritdoc/>
    public override double KeptDirection => Momentum;

    /// <summary>The share of a weight's norm that a step of rate 1 is long; above 0, 1e-30 to 1e30. Default 0.02.</summary>
    public double TrustCoefficient { get; init; } = 0.02;

    /// <summary>Whether the learning rate is the most that a parameter gets; default true.</summary>
    public bool Clip { get; init; } = true;

    /// <summary>Added below the fraction; above 0, 1e-30 to 1. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(Momentum, 0, 1);
        checks.Positive(TrustCoefficient, OptionChecks.LargestScale);
        checks.Positive(Epsilon, 1);
    }

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update)
    {
        var (ofWeight, ofGradient) = (ParameterUpdate.Norm(update.Weight), ParameterUpdate.Norm(update.Gradient));
        var ratio = TrustRatio.OfGradient(ofWeight, ofGradient, TrustCoefficient, update.Decay, Epsilon);
        if (Clip) ratio = TrustRatio.Clipped(update, ratio);
        var isDefined = TrustRatio.Defined(update, ofWeight, ofGradient);
        var gradient = update.Gradient.Times(TrustRatio.OrOne(ratio, isDefined));
        if (update.Decay != 0) gradient = gradient.Plus(update.Weight.Times(ratio.Times(isDefined).Times(update.Decay)));
        return update.Weight.Minus(SgdOptions.Direction(update, gradient, Momentum, nesterov: false).Times(update.Rate));
    }
}
