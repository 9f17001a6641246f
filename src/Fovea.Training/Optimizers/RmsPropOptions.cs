using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Training.Optimizers;

/// <summary>RMSprop (Tieleman and Hinton 2012), by PyTorch's rule: v = α·v + (1 − α)·g²; b = μ·b + g/(√v + ε); w −= η·b.</summary>
public sealed record RmsPropOptions : RmsPropRuleOptions
{
    /// <inheritdoc/>
    public override string Kind => "rmsprop";

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update)
    {
        var gradient = update.DecayedGradient;
        var step = gradient.Over(MeanSquare(update, gradient, start: 0).Sqrt().Plus(Epsilon));
        return update.Weight.Minus(Direction(update, step).Times(update.Rate));
    }
}
