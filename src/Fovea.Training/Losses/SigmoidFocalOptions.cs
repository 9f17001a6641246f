using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>
/// Focal loss of each class by itself (arXiv:1708.02002), as torchvision's: α·(1 − p)^γ times the binary cross-entropy, p that of what is right.
/// </summary>
public sealed record SigmoidFocalOptions : LossOptions
{
    private const double Largest = 100;

    /// <inheritdoc/>
    public override string Kind => "sigmoid_focal";

    /// <summary>γ; 0–100. Default 2.</summary>
    public double Gamma { get; init; } = 2;

    /// <summary>α of what is right, 1 − α of what is not; 0–1. Default 0.25; null weighs both the same.</summary>
    public double? Alpha { get; init; } = 0.25;

    /// <summary>Whether the loss of an image is the sum over classes and not their mean; default false.</summary>
    public bool SumClasses { get; init; }

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(Gamma, 0, Largest);
        if (Alpha is { } alpha) checks.Within(alpha, 0, 1, nameof(Alpha));
    }

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        var (z, t) = (inputs.Logits, inputs.Distribution);
        var p = z.Sigmoid();
        var wrong = p.Times(t.OneMinus()).Plus(z.Times(-1).Sigmoid().Times(t));
        var losses = z.BinaryCrossEntropy(t).Times(wrong.Power(Gamma));
        if (Alpha is { } alpha) losses = losses.Times(t.Affine((2 * alpha) - 1, 1 - alpha));
        return SumClasses ? losses.Sum(1) : losses.Mean(1);
    }
}
