using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>Stochastic gradient descent with momentum, by PyTorch's rule: g += λ·w; v = μ·v + g; w −= η·v, or η·(g + μ·v) after Nesterov.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    private const string Velocity = "momentum";

    /// <inheritdoc/>
    public override string Kind => "sgd";

    /// <inheritdoc/>
    public override int? GradientDegree => 1;

    /// <summary>μ; at least 0 and below 1. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <inheritdoc/>
    public override double KeptDirection => Momentum;

    /// <summary>Whether the gradient is taken as if after the momentum's step (Sutskever et al. 2013); default false.</summary>
    public bool Nesterov { get; init; }

    /// <summary>The share of the gradient that does not enter v after the first step; at least 0, below 1, 0 with Nesterov. Default 0.</summary>
    public double Dampening { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(Momentum, 0, 1);
        checks.Below(Dampening, 0, 1);
        if (Nesterov && Momentum == 0) checks.Fail(nameof(Nesterov), "true with momentum 0", "a momentum above 0, or nesterov: false");
        if (Nesterov && Dampening != 0) checks.Fail(nameof(Nesterov), "true with dampening", "dampening: 0, or nesterov: false");
    }

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update) =>
        update.Weight.Minus(Direction(update, update.DecayedGradient, Momentum, Nesterov, Dampening).Times(update.Rate));

    /// <summary>What momentum makes of a gradient: v' or, after Nesterov, g + μ·v'.</summary>
    internal static Value Direction(ParameterUpdate update, Value gradient, double momentum, bool nesterov, double dampening = 0)
    {
        if (momentum == 0) return gradient;
        var fresh = dampening == 0
            ? gradient
            : gradient.Times(update.Number("undampened", moment => moment.Step == 1 ? 1 : 1 - dampening));
        var velocity = update.Keep(Velocity, update.WithMomentum(update.Slot(Velocity), fresh, momentum));
        return nesterov ? update.WithMomentum(velocity, gradient, momentum) : velocity;
    }
}
