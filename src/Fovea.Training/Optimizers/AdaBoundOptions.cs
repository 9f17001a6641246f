using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>
/// AdaBound (Luo et al. 2019, arXiv:1902.09843): Adam whose rates are held within bounds that close in on a final rate, so that it ends as SGD.
/// </summary>
public sealed record AdaBoundOptions : AdamRuleOptions
{
    /// <inheritdoc/>
    public override string Kind => "adabound";

    /// <summary>The rate of SGD that it ends with where the learning rate is the full one; scales with it. Above 0, 1e-30 to 1e30. Default 0.1.</summary>
    public double FinalLearningRate { get; init; } = 0.1;

    /// <summary>γ: how fast the bounds final·(1 − 1/(γ·t + 1)) and final·(1 + 1/(γ·t)) close in; above 0, 1e-30 to 1. Default 0.001.</summary>
    public double Gamma { get; init; } = 1e-3;

    /// <summary>Whether the largest second moment so far counts (AMSBound); default false.</summary>
    public bool Amsbound { get; init; }

    /// <summary>Whether the decay is λ·w beside the step, whatever the learning rate (AdaBoundW), in place of λ·w in the gradient; default false.</summary>
    public bool DecoupledDecay { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Positive(FinalLearningRate, OptionChecks.LargestScale);
        checks.Positive(Gamma, 1);
    }

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update)
    {
        var gradient = DecoupledDecay ? update.Gradient : update.DecayedGradient;
        var mean = FirstMoment(update, gradient);
        var root = SecondMoment(update, gradient, Amsbound).Sqrt().Plus(Epsilon);
        var rate = update.Number(
            "adabound_rate", moment => moment.Rate * Math.Sqrt(1 - Math.Pow(Beta2, moment.Step)) / (1 - Math.Pow(moment.Momentum ?? Beta1, moment.Step)));
        var least = update.Number("adabound_least", moment => FinalRate(moment) * (1 - (1 / ((Gamma * moment.Step) + 1))));
        var most = update.Number("adabound_most", moment => FinalRate(moment) * (1 + (1 / (Gamma * moment.Step))));
        var weight = DecoupledDecay && update.Decay != 0 ? update.Weight.Times(1 - update.Decay) : update.Weight;
        return weight.Minus(rate.Over(root).Maximum(least).Minimum(most).Times(mean));
    }

    private double FinalRate(StepMoment moment) => FinalLearningRate * moment.Rate / LearningRate;
}
