using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>
/// Label-distribution-aware margins (arXiv:1906.07413): cross-entropy of s·(z − m) with a margin for the right class that falls with n^¼ of its images.
/// From <see cref="ReweightFrom"/> on, classes are weighted by their effective number of images (deferred re-weighting).
/// </summary>
public sealed record LdamOptions : LossOptions
{
    private const double Largest = 1e6;
    private const string Reweight = "loss_reweight";

    /// <inheritdoc/>
    public override string Kind => "ldam";

    /// <summary>The margin of the class with the fewest images; 0 to 1e6. Default 0.5.</summary>
    public double MaxMargin { get; init; } = 0.5;

    /// <summary>s; above 0, at most 1e6. Default 30.</summary>
    public double Scale { get; init; } = 30;

    /// <summary>The epoch from which on classes are weighted, from 0, fractions allowed; 0 to 1e6. Null, the default: never.</summary>
    public double? ReweightFrom { get; init; }

    /// <summary>β of the weights (1 − β)/(1 − βⁿ), arXiv:1901.05555; at least 0, below 1. Default 0.9999.</summary>
    public double Beta { get; init; } = 0.9999;

    /// <inheritdoc/>
    public override bool WantsClassCounts => true;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(MaxMargin, 0, Largest);
        checks.Positive(Scale, Largest);
        if (ReweightFrom is { } from) checks.AtLeast(from, 0, Largest, nameof(ReweightFrom));
        checks.Below(Beta, 0, 1);
    }

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        var (counts, t) = (inputs.ClassCounts, inputs.Distribution);
        var fewest = counts.Min();
        var margins = inputs.Row(counts.Select(count => MaxMargin * Math.Pow((double)fewest / count, 0.25)));
        var losses = inputs.Logits.Minus(t.Times(margins)).Times(Scale).SoftmaxCrossEntropy(inputs.Target);
        if (ReweightFrom is not { } from) return losses;
        var isDue = inputs.Number(Reweight, run => run.Epoch >= from ? 1 : 0);
        var extra = inputs.Row(Weights(counts).Select(weight => weight - 1)).Times(isDue);
        return losses.WeightedBy(t.Times(extra.Plus(1)).Sum(1));
    }

    /// <summary>(1 − β)/(1 − βⁿ) of each class, with the mean 1.</summary>
    internal double[] Weights(IReadOnlyList<int> counts)
    {
        var weights = counts.Select(count => (1 - Beta) / (1 - Math.Pow(Beta, count))).ToArray();
        var mean = weights.Average();
        return [.. weights.Select(weight => weight / mean)];
    }
}
