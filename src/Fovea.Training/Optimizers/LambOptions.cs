using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>
/// LAMB (You et al. 2019, arXiv:1904.00962), as timm has it: the step u = m̂/(√v̂ + ε) + λ·w of each parameter is scaled by |w|/|u|.
/// </summary>
public sealed record LambOptions : AdamRuleOptions
{
    /// <summary>Defaults: weight decay 0.01, epsilon 1e-6.</summary>
    public LambOptions() => (WeightDecay, Epsilon) = (0.01, 1e-6);

    /// <inheritdoc/>
    public override string Kind => "lamb";

    /// <summary>The bound on the norm of the whole gradient, which is scaled down where it is larger; 1e-30 to 1e30, 0 for none. Default 1.</summary>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>Whether the gradient enters the first moment with the share 1 − β₁, otherwise whole; default true.</summary>
    public bool GradientAveraging { get; init; } = true;

    /// <summary>Whether the step is never lengthened; default false.</summary>
    public bool TrustClip { get; init; }

    /// <summary>Whether parameters that do not decay are scaled, too; default false.</summary>
    public bool AlwaysAdapt { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.ZeroOrPositive(MaxGradientNorm, OptionChecks.LargestScale);
    }

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update)
    {
        var gradient = update.Gradient;
        if (MaxGradientNorm > 0)
            gradient = gradient.Times(update.GradientNorm.Times(1 / MaxGradientNorm).Maximum(update.Constant(1)).Reciprocal());
        var mean = FirstMoment(update, gradient, GradientAveraging);
        var corrected = mean.Times(update.Number("lamb_mean", moment => 1 / (1 - Math.Pow(moment.Momentum ?? Beta1, moment.Step))));
        var step = corrected.Over(Root(update, SecondMoment(update, gradient)));
        if (update.Decay != 0) step = step.Blend(update.Weight, 1, update.Decay);
        var rate = update.Rate;
        if (update.Decay != 0 || AlwaysAdapt) rate = rate.Times(Ratio(update, step));
        return update.Weight.Minus(step.Times(rate));
    }

    private Value Ratio(ParameterUpdate update, Value step)
    {
        var (ofWeight, ofStep) = (ParameterUpdate.Norm(update.Weight), ParameterUpdate.Norm(step));
        var isDefined = TrustRatio.Defined(update, ofWeight, ofStep);
        var ratio = TrustRatio.OrOne(ofWeight.Over(ofStep.Plus(isDefined.Affine(-1, 1))), isDefined);
        return TrustClip ? ratio.Minimum(update.Constant(1)) : ratio;
    }
}
