using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>Adam with Nesterov's momentum (Dozat 2016), by PyTorch's rule: the momentum of step t is β₁·(1 − ½·0.96^(t·ψ)), whatever a schedule says.</summary>
public sealed record NAdamOptions : AdamRuleOptions
{
    /// <summary>Default: learning rate 0.002.</summary>
    public NAdamOptions() => LearningRate = 2e-3;

    /// <inheritdoc/>
    public override string Kind => "nadam";

    /// <summary>ψ: how soon the momentum reaches β₁; at least 0, at most 1. Default 0.004.</summary>
    public double MomentumDecay { get; init; } = 4e-3;

    /// <summary>Whether the decay is η·λ·w beside the step, in place of λ·w in the gradient; default false.</summary>
    public bool DecoupledDecay { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Within(MomentumDecay, 0, 1);
    }

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update)
    {
        var gradient = DecoupledDecay ? update.Gradient : update.DecayedGradient;
        var mean = update.Keep(First, update.Slot(First).Blend(gradient, Beta1, 1 - Beta1));
        var root = Root(update, SecondMoment(update, gradient));
        var product = new Products(MomentumAt);
        var ofGradient = update.Number("nadam_gradient", moment => moment.Rate * (1 - MomentumAt(moment.Step)) / (1 - product.Of(moment.Step)));
        var ofMean = update.Number("nadam_mean", moment => moment.Rate * MomentumAt(moment.Step + 1) / (1 - product.Of(moment.Step + 1)));
        var step = gradient.Times(ofGradient).Plus(mean.Times(ofMean)).Over(root);
        return DecoupledDecay ? update.DecayedWeightMinus(step) : update.Weight.Minus(step);
    }

    private double MomentumAt(long step) => Beta1 * (1 - (0.5 * Math.Pow(0.96, step * MomentumDecay)));

    /// <summary>Products of a factor over the steps up to one, in their order; the last one is gone on from.</summary>
    private sealed class Products(Func<long, double> factor)
    {
        private long _step;
        private double _product = 1;

        internal double Of(long step)
        {
            if (step < _step) (_step, _product) = (0, 1);
            while (_step < step) _product *= factor(++_step);
            return _product;
        }
    }
}
