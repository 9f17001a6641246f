using System.Globalization;

namespace Fovea.Analysis;

/// <summary>Prints large counts as tables of models do.</summary>
public static class CountFormat
{
    private static readonly (double Unit, string Suffix)[] s_units = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "K")];

    /// <summary>Three decimals in the largest unit that is below the count: <c>7.142M</c>, <c>621.369K</c>, <c>512</c>.</summary>
    public static string Short(long count)
    {
        foreach (var (unit, suffix) in s_units)
            if (count > unit) return string.Create(CultureInfo.InvariantCulture, $"{count / unit:F3}{suffix}");
        return count.ToString(CultureInfo.InvariantCulture);
    }
}
