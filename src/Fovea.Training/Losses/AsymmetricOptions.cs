using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>Asymmetric loss of a softmax (arXiv:2009.14119), as timm's for single labels: focal, with a power of its own for wrong classes.</summary>
public sealed record AsymmetricOptions : LossOptions
{
    private const double Largest = 100;

    /// <inheritdoc/>
    public override string Kind => "asymmetric";

    /// <summary>γ of the right class, by which (1 − p) is raised; 0–100. Default 1.</summary>
    public double GammaPositive { get; init; } = 1;

    /// <summary>γ of wrong classes, by which p is raised; 0–100. Default 4.</summary>
    public double GammaNegative { get; init; } = 4;

    /// <summary>The share of the target that is spread evenly over all classes; at least 0, below 1. Default 0.1.</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <inheritdoc/>
    public override double Spread => LabelSmoothing;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(GammaPositive, 0, Largest);
        checks.AtLeast(GammaNegative, 0, Largest);
        checks.Below(LabelSmoothing, 0, 1);
    }

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        var log = inputs.Logits.LogSoftmax();
        var (p, t) = (log.Exp(), inputs.Distribution);
        var weights = t.Times(p.OneMinus().Power(GammaPositive)).Plus(t.OneMinus().Times(p.Power(GammaNegative)));
        return inputs.Smoothed(LabelSmoothing).Times(weights).Times(log).Sum(1).Times(-1);
    }
}
