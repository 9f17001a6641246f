using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Training.Optimizers;

namespace Fovea.Training.Tests;

/// <summary>A rule that no part of the library knows: steps of one length for all numbers of a parameter, which get shorter with the steps.</summary>
internal sealed record DecayingSigns : OptimizerOptions
{
    /// <inheritdoc/>
    public override string Kind => "decaying_signs";

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update)
    {
        var sum = update.Keep("signs", update.Slot("signs", start: 0.5).Plus(update.DecayedGradient));
        var length = update.Number("signs_length", moment => moment.Rate / moment.Step);
        return update.Weight.Minus(sum.Times(1e6).Clip(-1, 1).Times(length));
    }
}
