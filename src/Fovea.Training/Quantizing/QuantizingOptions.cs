using Fovea.Naming;
using Fovea.Quantization;
using Fovea.Quantization.Ranges;

namespace Fovea.Training.Quantizing;

/// <summary>How a model becomes integers of 8 bits.</summary>
public sealed record QuantizingOptions
{
    /// <summary>The greatest weight where the processor adds pairs of products up in 16 bits, in which 255 · 63 · 2 fits.</summary>
    public const int MostOfPairs = 63;

    /// <summary>The greatest weight of 8 bits.</summary>
    public const int MostOfAll = 127;

    /// <summary>Which numbers of an activation are told apart. Default those with the least squared error.</summary>
    public RangeRule Range { get; init; } = new SquaredErrorRange();

    /// <summary>Whether activations with negative numbers reach as far on both sides of 0. Default false: from their least to their greatest.</summary>
    public bool IsSymmetric { get; init; }

    /// <summary>The greatest integer of a weight: <see cref="MostOfAll"/>, the default, or <see cref="MostOfPairs"/>, for processors without VNNI.</summary>
    public int MostWeight { get; init; } = MostOfAll;

    /// <summary>Whether each filter of a weight has a scale of its own. Default true.</summary>
    public bool PerChannel { get; init; } = true;

    /// <summary>Patterns of names of weights whose products stay in fractions. Default none.</summary>
    public IReadOnlyList<string> KeepFractions { get; init; } = [];

    /// <summary>Whether the product by a weight stays in fractions.</summary>
    internal bool Keeps(string weight) => NamePattern.AnyMatches(KeepFractions, weight);

    /// <summary>How an activation is held.</summary>
    internal TensorQuantization Of(ValueHistogram numbers)
    {
        const int levels = 256;
        var (low, high) = Range.Of(numbers, levels);
        return IsSymmetric ? TensorQuantization.Symmetric(low, high) : TensorQuantization.Asymmetric(low, high);
    }
}
