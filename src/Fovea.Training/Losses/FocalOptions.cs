using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>Focal loss of a softmax (arXiv:1708.02002): −α·(1 − p)^γ·log p of the right class, so that images that are learnt count less.</summary>
public sealed record FocalOptions : LossOptions
{
    private const double Largest = 100;

    /// <inheritdoc/>
    public override string Kind => "focal";

    /// <summary>γ; 0–100. Default 2.</summary>
    public double Gamma { get; init; } = 2;

    /// <summary>α of each class, 0 to 1e6; empty, the default, means 1.</summary>
    public IReadOnlyList<double> Alpha { get; init; } = [];

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(Gamma, 0, Largest);
        ClassLists.Check(checks, Alpha, nameof(Alpha));
    }

    /// <inheritdoc/>
    public override void CheckClasses(OptionChecks checks, int classes) => ClassLists.CheckCount(checks, Alpha, classes, nameof(Alpha));

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        var log = inputs.Logits.LogSoftmax();
        var weights = log.Exp().OneMinus().Power(Gamma);
        if (Alpha.Count > 0) weights = weights.Times(inputs.Row(Alpha, "alpha"));
        return inputs.Distribution.Times(weights).Times(log).Sum(1).Times(-1);
    }
}
