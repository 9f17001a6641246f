namespace Fovea.Data.Sources;

/// <summary>A row as pandas' <c>describe()</c> prints it.</summary>
/// <param name="Count">How many values.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Std">Their standard deviation with n − 1 in the denominator; NaN of a single value.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Quartile1">A quarter lies below; between two values linearly.</param>
/// <param name="Median">Half lies below.</param>
/// <param name="Quartile3">Three quarters lie below.</param>
/// <param name="Max">The largest.</param>
public sealed record Distribution(int Count, double Mean, double Std, double Min, double Quartile1, double Median, double Quartile3, double Max)
{
    /// <summary>Describes values; of none, everything but the count is NaN.</summary>
    public static Distribution Of(IEnumerable<int> values)
    {
        var sorted = values.Select(value => (double)value).Order().ToArray();
        if (sorted.Length == 0) return new(0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        var mean = sorted.Average();
        var std = sorted.Length == 1 ? double.NaN : Math.Sqrt(sorted.Sum(x => (x - mean) * (x - mean)) / (sorted.Length - 1));
        return new(sorted.Length, mean, std, sorted[0], Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75), sorted[^1]);
    }

    private static double Quantile(double[] sorted, double q)
    {
        var place = q * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 == sorted.Length ? sorted[below] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }
}
