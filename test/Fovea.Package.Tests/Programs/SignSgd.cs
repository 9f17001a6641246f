using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;
using Fovea.Training.Optimizers;

namespace Programs;

/// <summary>The sign of the averaged gradient (arXiv:1802.04434): v = μ·v + (1 − μ)·g; w = (1 − η·λ)·w − η·sign(v).</summary>
public sealed record SignSgd : OptimizerOptions
{
    public override string Kind => "sign_sgd";

    /// <summary>μ; at least 0 and below 1. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(Momentum, 0, 1);
    }

    public override Value Step(ParameterUpdate update)
    {
        var v = update.Keep("sign_v", update.Slot("sign_v").Blend(update.Gradient, Momentum, 1 - Momentum));
        var zero = v.Times(0);
        var sign = v.AtLeast(zero).Minus(zero.AtLeast(v));
        return update.DecayedWeightMinus(sign.Times(update.Rate));
    }
}
