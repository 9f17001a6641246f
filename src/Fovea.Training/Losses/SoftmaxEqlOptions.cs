using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;
using Fovea.Tensors;

namespace Fovea.Training.Losses;

/// <summary>
/// Softmax equalization loss (arXiv:2003.05176, section 3.4): cross-entropy of a softmax from which rare classes are left out by chance, for images of
/// other classes.
/// </summary>
public sealed record SoftmaxEqlOptions : LossOptions
{
    /// <summary>Less than any logit by so much that its exponential vanishes.</summary>
    private const double Out = 1e4;

    private static readonly ulong s_stream = Philox.Stream("training", "loss/softmax_eql");

    /// <inheritdoc/>
    public override string Kind => "softmax_eql";

    /// <summary>The share of the training images below which a class is rare; 0–1. Default 0.003.</summary>
    public double RareShare { get; init; } = 3e-3;

    /// <summary>The probability with which a rare class is left out; above 0, at most 1. Default 0.9.</summary>
    public double Probability { get; init; } = 0.9;

    /// <inheritdoc/>
    public override bool WantsClassCounts => true;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.Within(RareShare, 0, 1);
        checks.Positive(Probability, 1);
    }

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        var ones = inputs.Graph.Constant(1f).BroadcastTo(inputs.Logits.Shape);
        return Leaving(inputs, Probability == 1 ? ones : ones.RandomDropout(inputs.Step, 1 - Probability, inputs.Seed, s_stream).Times(Probability));
    }

    /// <summary>The loss where <paramref name="leaves"/>, f32 [N, C], has 1 for classes that are left out if they are rare and wrong.</summary>
    internal Value Leaving(LossInputs inputs, Value leaves)
    {
        var isOut = leaves.Times(EqlOptions.Rare(inputs, RareShare)).Times(inputs.Distribution.OneMinus());
        return inputs.Logits.Minus(isOut.Times(Out)).SoftmaxCrossEntropy(inputs.Target);
    }
}
