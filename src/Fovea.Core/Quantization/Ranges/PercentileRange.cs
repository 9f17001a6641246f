namespace Fovea.Quantization.Ranges;

/// <summary>All numbers but the most extreme: of each side, as many as lie beyond a share of all.</summary>
/// <param name="Share">The share that lies within, of each side. Default 0.99999, as in TensorRT's calibrations.</param>
public sealed record PercentileRange(double Share = 0.99999) : RangeRule
{
    /// <inheritdoc/>
    public override (double Low, double High) Of(ValueHistogram numbers, int levels)
    {
        var (all, outside) = (All(numbers), (1 - Share) * (numbers.Count - numbers.NonFinite));
        return (
            Math.Min(Math.Max(all.Low, Bound(numbers, outside, fromAbove: false)), 0), Math.Max(Math.Min(all.High, Bound(numbers, outside, fromAbove: true)), 0));
    }

    /// <summary>The edge of the outermost bin, from one side, with which more than <paramref name="outside"/> numbers are passed.</summary>
    private static double Bound(ValueHistogram numbers, double outside, bool fromAbove)
    {
        var counts = numbers.Counts;
        var passed = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            var bin = fromAbove ? counts.Length - 1 - i : i;
            passed += counts[bin];
            if (passed > outside) return numbers.Middle(bin) + (fromAbove ? numbers.Width / 2 : -numbers.Width / 2);
        }

        return 0;
    }
}
