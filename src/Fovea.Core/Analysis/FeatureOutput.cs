using Fovea.Graphs;
using Fovea.Ops;

namespace Fovea.Analysis;

/// <summary>Whether what a model makes of an image are its features, for a classifier to read, or logits.</summary>
public static class FeatureOutput
{
    /// <summary>The numbers of ImageNet's classes, of 2012 and of all of it, as published models have them.</summary>
    private static readonly HashSet<int> s_classes = [1000, 1001, 10450, 11221, 21841, 21843];

    /// <summary>Whether a value [N, F, …] is features: something else than sums, scales and means stands between it and the last layer.</summary>
    /// <remarks>
    /// Logits are what a linear layer or a convolution makes, pooled or not; behind a norm, an activation or a concatenation there are features. Models whose
    /// outputs are as many as ImageNet's classes make logits whatever they end in, as SqueezeNet's, which ends in an activation.
    /// </remarks>
    /// <param name="output">What the model makes.</param>
    public static bool Is(Value output) => !(output.Shape.Rank > 1 && s_classes.Contains(output.Shape[1])) && IsBehind(output, []);

    private static bool IsBehind(Value value, Dictionary<Value, bool> known)
    {
        if (known.TryGetValue(value, out var found)) return found;
        known[value] = false;
        return known[value] = value.Op switch
        {
            Conv2d or MatMul or Variable or Constant => false,
            Reshape or Named or Cast or Dropout or RandomBranch or AvgPool or Affine or Slice or Transpose or Broadcast
                or Reduce { Kind: not ReduceKind.Max } => IsBehind(value.Node.Inputs[0], known),
            Add or Subtract or Multiply or Divide => value.Node.Inputs.Any(input => IsBehind(input, known)),
            _ => true,
        };
    }
}
