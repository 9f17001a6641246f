using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>Equalization loss (arXiv:2003.05176): binary cross-entropy, summed over classes, in which other classes do not push rare ones down.</summary>
public sealed record EqlOptions : LossOptions
{
    /// <inheritdoc/>
    public override string Kind => "eql";

    /// <summary>The share of the training images below which a class is rare; 0–1. Default 0.00176.</summary>
    public double RareShare { get; init; } = 1.76e-3;

    /// <inheritdoc/>
    public override bool WantsClassCounts => true;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Within(RareShare, 0, 1);
    }

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        var (t, rare) = (inputs.Distribution, Rare(inputs, RareShare));
        return inputs.Logits.BinaryCrossEntropy(t).Times(t.OneMinus().Times(rare).OneMinus()).Sum(1);
    }

    /// <summary>1 for rare classes and 0 for others, f32 [C].</summary>
    internal static Value Rare(LossInputs inputs, double share)
    {
        double sum = inputs.ClassCounts.Sum(count => (long)count);
        return inputs.Row(inputs.ClassCounts.Select(count => count / sum < share ? 1.0 : 0));
    }
}
