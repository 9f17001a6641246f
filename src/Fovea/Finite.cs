using System.Numerics;
using System.Runtime.InteropServices;
using Fovea.Formats.Artefact;
using Fovea.Tensors;

namespace Fovea;

/// <summary>Refuses what is not a number before it looks like an answer.</summary>
internal static class Finite
{
    /// <exception cref="PredictionException">The weight holds NaN or an infinity.</exception>
    internal static void Check(HostTensor weight, string name, ModelCard card)
    {
        if (weight.Type.DType != DType.Float32 || AreAll(weight.Floats)) return;
        throw new PredictionException(
            $"{card.Model}: the weight '{name}' {weight.Type} holds NaN or an infinity; wanted finite numbers: the training that made it has diverged, "
            + "or the file is damaged");
    }

    /// <exception cref="PredictionException">A logit is NaN or an infinity.</exception>
    internal static void Check(ReadOnlySpan<float> logits, string image, ModelCard card)
    {
        for (var c = 0; c < logits.Length; c++)
            if (!float.IsFinite(logits[c]))
                throw new PredictionException(
                    FormattableString.Invariant($"{image}: {card.Model} gives the class '{card.Classes[c]}' the logit {logits[c]}; wanted a finite number"));
    }

    private static bool AreAll(ReadOnlySpan<float> numbers)
    {
        // x - x is 0 where x is finite and NaN where it is not, and a sum keeps NaN.
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(numbers);
        var sums = Vector<float>.Zero;
        foreach (var vector in vectors) sums += vector - vector;
        var sum = Vector.Sum(sums);
        foreach (var number in numbers[(vectors.Length * Vector<float>.Count)..]) sum += number - number;
        return sum == 0;
    }
}
