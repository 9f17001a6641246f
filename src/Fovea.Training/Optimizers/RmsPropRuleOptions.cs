using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>What both rules of RMSprop (Tieleman and Hinton 2012) share: v = α·v + (1 − α)·g², and a momentum of what g is divided to.</summary>
public abstract record RmsPropRuleOptions : OptimizerOptions
{
    private const string Square = "rms_v";
    private const string Mean = "rms_g";
    private const string Velocity = "rms_momentum";

    /// <summary>Default: learning rate 0.01.</summary>
    protected RmsPropRuleOptions() => LearningRate = 0.01;

    /// <summary>α, the share that the mean square keeps; at least 0 and below 1. Default: rmsprop 0.99, rmsprop_tf 0.9.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>μ; at least 0 and below 1. Default: rmsprop 0, rmsprop_tf 0.9.</summary>
    public double Momentum { get; init; }

    /// <inheritdoc/>
    public override double KeptDirection => Momentum;

    /// <summary>Whether the square of the mean gradient is taken from v; default false.</summary>
    public bool Centered { get; init; }

    /// <summary>Added to the root of v by rmsprop, to v by rmsprop_tf; above 0, 1e-30 to 1. Default: rmsprop 1e-8, rmsprop_tf 0.001.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(Alpha, 0, 1);
        checks.Below(Momentum, 0, 1);
        checks.Positive(Epsilon, 1);
    }

    /// <summary>v after the step, or the variance where the rule is centred.</summary>
    /// <param name="update">The parameter.</param>
    /// <param name="gradient">The gradient that enters it.</param>
    /// <param name="start">What v begins with.</param>
    protected Value MeanSquare(ParameterUpdate update, Value gradient, double start)
    {
        var square = update.Keep(Square, update.Slot(Square, start).Blend(gradient.Square(), Alpha, 1 - Alpha));
        if (!Centered) return square;
        var mean = update.Keep(Mean, update.Slot(Mean).Blend(gradient, Alpha, 1 - Alpha));
        return square.Minus(mean.Square()).Maximum(update.Constant(0));
    }

    /// <summary>What momentum makes of a step.</summary>
    protected Value Direction(ParameterUpdate update, Value step) =>
        Momentum == 0 ? step : update.Keep(Velocity, update.WithMomentum(update.Slot(Velocity), step, Momentum));
}
