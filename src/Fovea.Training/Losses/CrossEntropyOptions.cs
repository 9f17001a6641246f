using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>Softmax cross-entropy: −Σ t·log softmax(z).</summary>
public sealed record CrossEntropyOptions : LossOptions
{
    /// <inheritdoc/>
    public override string Kind => "cross_entropy";

    /// <summary>The share of the target that is spread evenly over all classes (arXiv:1512.00567, section 7); at least 0, below 1. Default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <inheritdoc/>
    public override double Spread => LabelSmoothing;

    /// <summary>
    /// A weight for each class, 0 to 1e6; empty, the default, weighs all the same. The mean of a batch is then the weighted one, as PyTorch's, and 0 where
    /// all of its classes have the weight 0. Of batches that make one update together (train.accumulate), each has its own weighted mean.
    /// </summary>
    public IReadOnlyList<double> ClassWeights { get; init; } = [];

    /// <summary>
    /// b, by which rare classes weigh more: a class with n of N training images in C classes weighs (N / (C·n))^b, as with <see cref="ClassWeights"/>, but not
    /// beside them; 0 (the default: all weigh the same) to 1, which is scikit-learn's <c>balanced</c>.
    /// </summary>
    public double ClassBalance { get; init; }

    /// <inheritdoc/>
    public override bool WantsClassCounts => ClassBalance > 0;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Within(ClassBalance, 0, 1);
        if (ClassBalance > 0 && ClassWeights.Count > 0)
            checks.Fail(nameof(ClassBalance), FormattableString.Invariant($"{ClassBalance} beside class_weights"), "either of them");
        checks.Below(LabelSmoothing, 0, 1);
        ClassLists.Check(checks, ClassWeights, nameof(ClassWeights));
    }

    /// <inheritdoc/>
    public override void CheckClasses(OptionChecks checks, int classes) => ClassLists.CheckCount(checks, ClassWeights, classes, nameof(ClassWeights));

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        if (ClassWeights.Count == 0 && ClassBalance == 0) return inputs.Logits.SoftmaxCrossEntropy(inputs.Target, LabelSmoothing);
        var weights = ClassBalance > 0 ? inputs.Row(BalancedBy(inputs.ClassCounts)) : inputs.Row(ClassWeights, "class_weights");
        var losses = inputs.Logits.SoftmaxCrossEntropy(inputs.Smoothed(LabelSmoothing).Times(weights));
        return losses.OverMean(inputs.Distribution.Times(weights).Sum(1));
    }

    private IEnumerable<double> BalancedBy(IReadOnlyList<int> counts)
    {
        var mean = counts.Sum(count => (double)count) / counts.Count;
        return counts.Select(count => Math.Pow(mean / count, ClassBalance));
    }
}
