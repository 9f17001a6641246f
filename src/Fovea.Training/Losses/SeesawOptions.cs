using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>
/// Seesaw loss (arXiv:2008.10032) for classification: cross-entropy in which images of frequent classes push rare ones down less (by the images seen so
/// far, which are part of the checkpoint), and mistakes more. Of mixed targets their weighted means count.
/// </summary>
public sealed record SeesawOptions : LossOptions
{
    private const double Largest = 100;
    private const double SmallestShare = 0.01;

    /// <inheritdoc/>
    public override string Kind => "seesaw";

    /// <summary>p, by which the ratio of the classes' images is raised; 0–100. Default 0.8.</summary>
    public double Mitigation { get; init; } = 0.8;

    /// <summary>q, by which the ratio of their probabilities is raised; 0–100. Default 2.</summary>
    public double Compensation { get; init; } = 2;

    /// <inheritdoc/>
    public override void Check(OptionChecks checks)
    {
        base.Check(checks);
        checks.AtLeast(Mitigation, 0, Largest);
        checks.AtLeast(Compensation, 0, Largest);
    }

    /// <inheritdoc/>
    public override Value PerSample(LossInputs inputs)
    {
        var t = inputs.Distribution;
        var counts = inputs.State("class_counts").Plus(t.Sum(0));
        inputs.Graph.Update(inputs.State("class_counts"), counts);
        var seen = counts.Clip(1, float.MaxValue).Log().BroadcastTo(t.Shape);
        var fewer = seen.Minus(OfTarget(seen, t)).Clip(float.MinValue, 0).Times(Mitigation);
        var log = inputs.Logits.StopGradient().LogSoftmax();
        var own = OfTarget(log.Exp(), t).Clip(SmallestShare, 1).Log();
        var worse = log.Minus(own).Clip(0, float.MaxValue).Times(Compensation);
        return inputs.Logits.Plus(fewer.Plus(worse).Times(t.OneMinus()).StopGradient()).SoftmaxCrossEntropy(inputs.Target);
    }

    private static Value OfTarget(Value x, Value target) => x.Times(target).Sum(1).Column();
}
