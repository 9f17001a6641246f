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

    /// <summary>
    /// A weight for each class, 0 to 1e6; empty, the default, weighs all the same. The mean of a batch is then the weighted one, as PyTorch's, and 0 where
    /// all of its classes have the weight 0. Of batches that make one update together (train.accumulate), each has its own weighted mean.
    /// </summary>
    public IReadOnlyList<double> ClassWeights { get; init; } = [];

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Below(LabelSmoothing, 0, 1);
        ClassLists.Check(checks, ClassWeights, nameof(ClassWeights));
    }

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        if (ClassWeights.Count == 0) return inputs.Logits.SoftmaxCrossEntropy(inputs.Target, LabelSmoothing);
        var weights = inputs.Row(ClassWeights, "class_weights");
        var losses = inputs.Logits.SoftmaxCrossEntropy(inputs.Smoothed(LabelSmoothing).Times(weights));
        return losses.OverMean(inputs.Distribution.Times(weights).Sum(1));
    }
}
