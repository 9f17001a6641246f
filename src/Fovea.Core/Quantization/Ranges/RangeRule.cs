namespace Fovea.Quantization.Ranges;

/// <summary>Which numbers of an activation are told apart; what lies outside counts as the nearest of them.</summary>
public abstract record RangeRule
{
    /// <summary>The rules by the names that the tool knows.</summary>
    public static IReadOnlyDictionary<string, RangeRule> Kinds { get; } = new Dictionary<string, RangeRule>(StringComparer.Ordinal)
    {
        ["minmax"] = new MinMaxRange(),
        ["percentile"] = new PercentileRange(),
        ["entropy"] = new EntropyRange(),
        ["mse"] = new SquaredErrorRange(),
    };

    /// <summary>The least and the greatest number, 0 between them.</summary>
    /// <param name="numbers">What was seen; at least one number.</param>
    /// <param name="levels">How many integers there are, from 2.</param>
    public abstract (double Low, double High) Of(ValueHistogram numbers, int levels);

    /// <summary>The extremes, 0 between them.</summary>
    protected static (double Low, double High) All(ValueHistogram numbers) => (Math.Min(numbers.Least, 0), Math.Max(numbers.Greatest, 0));
}
