using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Training.Losses;

/// <summary>Balanced softmax (arXiv:2007.10740): cross-entropy of z + log n, n the training images of each class.</summary>
public sealed record BalancedSoftmaxOptions : LossOptions
{
    /// <inheritdoc/>
    public override string Kind => "balanced_softmax";

    /// <inheritdoc/>
    public override bool WantsClassCounts => true;

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs) =>
        inputs.Logits.Plus(inputs.Row(inputs.ClassCounts.Select(count => Math.Log(count)))).SoftmaxCrossEntropy(inputs.Target);
}
