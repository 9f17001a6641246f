using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>
/// LARS (You et al. 2017, arXiv:1708.03888), as timm has it: SGD on r·(g + λ·w) with r = trust·|w|/(|g| + λ·|w| + ε), each parameter by its own norms.
/// </summary>
public sealed record LarsOptions : OptimizerOptions
{
    /// <inheritdoc/>
    public override string Kind => "lars";

    /// <summary>μ; at least 0 and below 1. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <inheritdoc/>
    public override double KeptDirection => Momentum;

    /// <summary>Whether the gradient is taken as if after the momentum's step; default false.</summary>
    public bool Nesterov { get; init; }

    /// <summary>The share of a weight's norm that a step of rate 1 is long; above 0, 1e-30 to 1e30. Default 0.001.</summary>
    public double TrustCoefficient { get; init; } = 1e-3;

    /// <summary>Whether r is at most the learning rate, over it (LARC); default false.</summary>
    public bool TrustClip { get; init; }

    /// <summary>Whether parameters that do not decay are scaled, too; default false.</summary>
    public bool AlwaysAdapt { get; init; }

    /// <summary>Added below the fraction; above 0, 1e-30 to 1. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(Momentum, 0, 1);
        checks.Positive(TrustCoefficient, OptionChecks.LargestScale);
        checks.Positive(Epsilon, 1);
        if (Nesterov && Momentum == 0) checks.Fail(nameof(Nesterov), "true with momentum 0", "a momentum above 0, or nesterov: false");
    }

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update)
    {
        var gradient = update.DecayedGradient;
        if (update.Decay != 0 || AlwaysAdapt) gradient = gradient.Times(Ratio(update));
        return update.Weight.Minus(SgdOptions.Direction(update, gradient, Momentum, Nesterov).Times(update.Rate));
    }

    private Value Ratio(ParameterUpdate update)
    {
        var (ofWeight, ofGradient) = (ParameterUpdate.Norm(update.Weight), ParameterUpdate.Norm(update.Gradient));
        var ratio = TrustRatio.OfGradient(ofWeight, ofGradient, TrustCoefficient, update.Decay, Epsilon);
        ratio = TrustRatio.OrOne(ratio, TrustRatio.Defined(update, ofWeight, ofGradient));
        return TrustClip ? TrustRatio.Clipped(update, ratio) : ratio;
    }
}
