using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Optimizers;

/// <summary>
/// Adan (Xie et al. 2022, arXiv:2208.06677), as its authors' code has it: moments of the gradient g, of its change d and of g + β₂·d, with
/// w = (w − η·(m̂ + β₂·v̂)/(√n̂ + ε))/(1 + η·λ).
/// </summary>
public sealed record AdanOptions : OptimizerOptions
{
    private const string First = "adan_m";
    private const string Change = "adan_v";
    private const string Square = "adan_n";
    private const string Last = "adan_g";

    /// <summary>Defaults: learning rate 0.001, weight decay 0.02.</summary>
    public AdanOptions() => (LearningRate, WeightDecay) = (1e-3, 0.02);

    /// <inheritdoc/>
    public override string Kind => "adan";

    /// <summary>The share that the moment of the gradient keeps; at least 0 and below 1. Default 0.98.</summary>
    public double Beta1 { get; init; } = 0.98;

    /// <inheritdoc/>
    public override double KeptDirection => Beta1;

    /// <summary>The share that the moment of its change keeps; at least 0 and below 1. Default 0.92.</summary>
    public double Beta2 { get; init; } = 0.92;

    /// <summary>The share that the moment of the squares keeps; at least 0 and below 1. Default 0.99.</summary>
    public double Beta3 { get; init; } = 0.99;

    /// <summary>Added to the root of the moment of the squares; above 0, 1e-30 to 1. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Whether the decay is that of AdamW, w·(1 − η·λ) before the step; default false.</summary>
    public bool NoProximal { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(Beta1, 0, 1);
        checks.Below(Beta2, 0, 1);
        checks.Below(Beta3, 0, 1);
        checks.Positive(Epsilon, 1);
    }

    /// <inheritdoc/>
    public override Value Step(ParameterUpdate update)
    {
        var gradient = update.Gradient;
        var change = gradient.Minus(update.Slot(Last)).Times(update.Number("adan_changes", moment => moment.Step == 1 ? 0 : 1));
        update.Keep(Last, gradient);
        var mean = update.Keep(First, update.Slot(First).Blend(gradient, Beta1, 1 - Beta1));
        var drift = update.Keep(Change, update.Slot(Change).Blend(change, Beta2, 1 - Beta2));
        var square = update.Keep(Square, update.Slot(Square).Blend(gradient.Blend(change, 1, Beta2).Square(), Beta3, 1 - Beta3));
        var root = square.Sqrt().Times(update.Number("adan_root", moment => 1 / Math.Sqrt(1 - Math.Pow(Beta3, moment.Step)))).Plus(Epsilon);
        var ofMean = mean.Times(update.Number("adan_rate", moment => moment.Rate / (1 - Math.Pow(Beta1, moment.Step))));
        var ofDrift = drift.Times(update.Number("adan_drift_rate", moment => moment.Rate * Beta2 / (1 - Math.Pow(Beta2, moment.Step))));
        var step = ofMean.Plus(ofDrift).Over(root);
        if (NoProximal) return update.DecayedWeightMinus(step);
        var decay = update.Decay;
        var moved = update.Weight.Minus(step);
        return decay == 0 ? moved : moved.Times(update.Number("adan_share", moment => 1 / (1 + (moment.Rate * decay))));
    }
}
