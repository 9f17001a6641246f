using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Training.Losses;

/// <summary>What losses have in common, as compositions of operations over rows of classes.</summary>
public static class LossTerms
{
    /// <summary>Below it, a power counts as one of it, and passes no gradient.</summary>
    private const double Least = 1e-12;

    /// <summary>A mean weight below it counts as none.</summary>
    private const float LeastWeight = 1e-30f;

    /// <summary>log softmax of each row.</summary>
    public static Value LogSoftmax(this Value logits)
    {
        var shifted = logits.Minus(logits.StopGradient().Max(1).Column());
        return shifted.Minus(shifted.Exp().Sum(1).Log().Column());
    }

    /// <summary>Binary cross-entropy of sigmoid(z) against t, element by element: log(1 + eᶻ) − t·z.</summary>
    public static Value BinaryCrossEntropy(this Value logits, Value target) => logits.Softplus().Minus(target.Times(logits));

    /// <summary>xᵖ for x from 0 on.</summary>
    public static Value Power(this Value x, double power) => power switch
    {
        0 => x.Affine(0, 1),
        1 => x,
        2 => x.Square(),
        _ => x.Clip(Least, float.MaxValue).Log().Times(power).Exp(),
    };

    /// <summary>|x|.</summary>
    public static Value Magnitude(this Value x) => x.Maximum(x.Times(-1));

    /// <summary>1 − x.</summary>
    public static Value OneMinus(this Value x) => x.Affine(-1, 1);

    /// <summary>f32 [N] → [N, 1].</summary>
    public static Value Column(this Value x) => x.Reshape(new Tensors.Shape(x.Shape[0], 1));

    /// <summary>A loss for each image of which the mean is that weighted with <paramref name="weights"/>, f32 [N]: l·w/mean(w).</summary>
    public static Value WeightedBy(this Value losses, Value weights) => losses.Times(weights).OverMean(weights);

    /// <summary>l/mean(w), and 0 where all weights of a batch are 0; the weights must not depend on what is trained.</summary>
    public static Value OverMean(this Value losses, Value weights)
    {
        var (mean, least) = (weights.Mean(0), weights.Graph.Constant(LeastWeight));
        return losses.Times(mean.AtLeast(least).Over(mean.Maximum(least)));
    }
}
