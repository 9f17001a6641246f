using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv:1711.05101), by PyTorch's rule: the decay is η·λ·w.</summary>
public sealed record AdamWOptions : OptimizerOptions
{
    /// <summary>Defaults: learning rate 0.001, weight decay 0.05.</summary>
    public AdamWOptions()
    {
        LearningRate = 1e-3;
        WeightDecay = 0.05;
    }

    /// <inheritdoc/>
    public override string Kind => "adamw";

    /// <summary>The share that the first moment keeps; at least 0 and below 1. Default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The share that the second moment keeps; at least 0 and below 1. Default 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment; above 0, 1e-30 to 1. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(Beta1, 0, 1);
        checks.Below(Beta2, 0, 1);
        checks.Positive(Epsilon, 1);
    }
}
