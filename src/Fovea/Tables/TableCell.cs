using System.Globalization;
using Fovea.Analysis;

namespace Fovea.Tables;

/// <summary>A cell: what people read, and the number behind it for programs.</summary>
/// <param name="Text">The text; empty where nothing is known.</param>
/// <param name="Number">The number as it is; null for text, and where nothing is known.</param>
public readonly record struct TableCell(string Text, double? Number = null)
{
    /// <summary>A cell of which nothing is known.</summary>
    public static TableCell Empty { get; } = new("");

    /// <summary>Text, without number.</summary>
    public static implicit operator TableCell(string text) => new(text);

    /// <summary>A whole number.</summary>
    public static TableCell Whole(long? number) => number is { } n ? new(n.ToString(CultureInfo.InvariantCulture), n) : Empty;

    /// <summary>A number with so many decimals.</summary>
    public static TableCell Fixed(double? number, int decimals) =>
        number is { } x && double.IsFinite(x) ? new(x.ToString(FormattableString.Invariant($"F{decimals}"), CultureInfo.InvariantCulture), x) : Empty;

    /// <summary>A number with at most so many decimals, without zeros at their end.</summary>
    public static TableCell AtMost(double? number, int decimals) => number is { } x && double.IsFinite(x)
        ? new(Math.Round(x, decimals).ToString($"0.{new string('#', decimals)}", CultureInfo.InvariantCulture), x)
        : Empty;

    /// <summary>A count as tables of models print it: <c>7.142M</c>.</summary>
    public static TableCell Count(long? count) => count is { } n ? new(CountFormat.Short(n), n) : Empty;
}
