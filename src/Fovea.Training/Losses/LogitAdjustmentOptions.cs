using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>Logit adjustment (arXiv:2007.07314): cross-entropy of z + τ·log π, π the share of each class among the training images.</summary>
public sealed record LogitAdjustmentOptions : LossOptions
{
    private const double Largest = 100;

    /// <inheritdoc/>
    public override string Kind => "logit_adjustment";

    /// <summary>τ; 0–100. Default 1, by which balanced error is minimised.</summary>
    public double Tau { get; init; } = 1;

    /// <inheritdoc/>
    public override bool WantsClassCounts => true;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(Tau, 0, Largest);
    }

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        double sum = inputs.ClassCounts.Sum(count => (long)count);
        return inputs.Logits.Plus(inputs.Row(inputs.ClassCounts.Select(count => Tau * Math.Log(count / sum)))).SoftmaxCrossEntropy(inputs.Target);
    }
}
