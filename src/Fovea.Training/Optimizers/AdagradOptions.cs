using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>Adagrad (Duchi et al. 2011), by PyTorch's rule: s += g²; w −= η/(1 + (t − 1)·r)·g/(√s + ε).</summary>
public sealed record AdagradOptions : OptimizerOptions
{
    private const string Sum = "adagrad_sum";

    /// <summary>Default: learning rate 0.01.</summary>
    public AdagradOptions() => LearningRate = 0.01;

    /// <inheritdoc/>
    public override string Kind => "adagrad";

    /// <summary>r: how the rate falls with the updates, beside the schedule; 0–1000. Default 0.</summary>
    public double RateDecay { get; init; }

    /// <summary>What s begins with; 0 to 1e30. Default 0.</summary>
    public double InitialSum { get; init; }

    /// <summary>Added to the root of s; above 0, 1e-30 to 1. Default 1e-10.</summary>
    public double Epsilon { get; init; } = 1e-10;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(RateDecay, 0, 1000);
        checks.AtLeast(InitialSum, 0, OptionChecks.LargestScale);
        checks.Positive(Epsilon, 1);
    }

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update)
    {
        var gradient = update.DecayedGradient;
        var sum = update.Keep(Sum, update.Slot(Sum, InitialSum).Plus(gradient.Square()));
        var rate = RateDecay == 0 ? update.Rate : update.Number("adagrad_rate", moment => moment.Rate / (1 + ((moment.Step - 1) * RateDecay)));
        return update.Weight.Minus(gradient.Times(rate).Over(sum.Sqrt().Plus(Epsilon)));
    }
}
