namespace Fovea.Quantization.Ranges;

/// <summary>The part of the whole range, both sides shortened alike, whose integers are off by the least mean square.</summary>
public sealed record SquaredErrorRange : RangeRule
{
    private const int Steps = 100;

    /// <inheritdoc/>
    public override (double Low, double High) Of(ValueHistogram numbers, int levels)
    {
        var all = All(numbers);
        if (all.Low == all.High) return all;
        var best = Enumerable.Range(1, Steps).Select(step => (double)step / Steps).MinBy(part => Error(numbers, all.Low * part, all.High * part, levels));
        return (all.Low * best, all.High * best);
    }

    private static double Error(ValueHistogram numbers, double low, double high, int levels)
    {
        var counts = numbers.Counts;
        var (sum, scale) = (0.0, (high - low) / (levels - 1));
        var zero = Math.Round(-low / scale);
        for (var bin = 0; bin < counts.Length; bin++)
        {
            if (counts[bin] == 0) continue;
            var x = numbers.Middle(bin);
            var error = x - ((Math.Clamp(Math.Round(x / scale) + zero, 0, levels - 1) - zero) * scale);
            sum += counts[bin] * error * error;
        }

        return sum;
    }
}
