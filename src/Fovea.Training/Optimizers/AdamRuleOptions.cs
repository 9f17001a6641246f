using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>What the relatives of Adam (Kingma and Ba 2014, arXiv:1412.6980) share: m = β₁·m + (1 − β₁)·g, v = β₂·v + (1 − β₂)·g².</summary>
public abstract record AdamRuleOptions : OptimizerOptions
{
    /// <summary>The slot of the first moment.</summary>
    internal const string First = "adam_m";

    private const string Second = "adam_v";
    private const string Largest = "adam_v_max";

    /// <summary>Default: learning rate 0.001.</summary>
    protected AdamRuleOptions() => LearningRate = 1e-3;

    /// <summary>The share that the first moment keeps; at least 0 and below 1. Default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <inheritdoc/>
    public override double KeptDirection => Beta1;

    /// <summary>The share that the second moment keeps; at least 0 and below 1. Default 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment; above 0, 1e-30 to 1. Default 1e-8 unless the rule says another.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(Beta1, 0, 1);
        checks.Below(Beta2, 0, 1);
        checks.Positive(Epsilon, 1);
    }

    /// <summary>The first moment after the step.</summary>
    /// <param name="update">The parameter.</param>
    /// <param name="gradient">The gradient that enters it.</param>
    /// <param name="isAveraged">Whether only the share 1 − β₁ of it does.</param>
    protected Value FirstMoment(ParameterUpdate update, Value gradient, bool isAveraged = true) =>
        update.Keep(First, update.WithMomentum(update.Slot(First), gradient, Beta1, isAveraged));

    /// <summary>The second moment after the step; by AMSGrad's rule (Reddi et al. 2019, arXiv:1904.09237) the largest that there was.</summary>
    protected Value SecondMoment(ParameterUpdate update, Value gradient, bool isLargest = false)
    {
        var moment = update.Keep(Second, update.Slot(Second).Blend(gradient.Square(), Beta2, 1 - Beta2));
        return isLargest ? update.Keep(Largest, update.Slot(Largest).Maximum(moment)) : moment;
    }

    /// <summary>√v̂ + ε with v̂ = v/(1 − β₂ᵗ).</summary>
    protected Value Root(ParameterUpdate update, Value secondMoment)
    {
        var beta2 = Beta2;
        return secondMoment.Sqrt().Times(update.Number("adam_root", moment => 1 / Math.Sqrt(1 - Math.Pow(beta2, moment.Step)))).Plus(Epsilon);
    }

    /// <summary>η/(1 − β₁ᵗ): the rate that takes the first moment's start at zero into account.</summary>
    protected Value CorrectedRate(ParameterUpdate update)
    {
        var beta1 = Beta1;
        return update.Number("adam_rate", moment => moment.Rate / (1 - Math.Pow(moment.Momentum ?? beta1, moment.Step)));
    }

    /// <summary>η·m̂/(√v̂ + ε).</summary>
    protected Value AdamStep(ParameterUpdate update, Value gradient, bool isLargest)
    {
        var mean = FirstMoment(update, gradient);
        return mean.Times(CorrectedRate(update)).Over(Root(update, SecondMoment(update, gradient, isLargest)));
    }
}
