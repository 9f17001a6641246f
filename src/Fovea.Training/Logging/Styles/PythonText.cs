using System.Globalization;

namespace Fovea.Training.Logging.Styles;

/// <summary>Numbers as Python and C print them, whatever the culture.</summary>
internal static class PythonText
{
    private const int DigitsOfDouble = 17;

    /// <summary><c>%.Nf</c>.</summary>
    internal static string Fixed(double x, int digits) =>
        double.IsFinite(x) ? x.ToString(FormattableString.Invariant($"F{digits}"), CultureInfo.InvariantCulture) : NotFinite(x);

    /// <summary><c>{:.N%}</c>: a share, 0–1, in percent.</summary>
    internal static string Percent(double share, int digits) => $"{Fixed(100 * share, digits)}%";

    /// <summary><c>%g</c>: six digits, without zeros at their end.</summary>
    internal static string General(double x)
    {
        if (!double.IsFinite(x)) return NotFinite(x);
        var (digits, exponent) = Scientific(x, digits: 6);
        return exponent is < -4 or >= 6 ? $"{Trimmed(digits)}{Exponent(exponent)}" : Trimmed(Fixed(x, 5 - exponent));
    }

    /// <summary><c>repr</c> of a float: the shortest text that gives the number again.</summary>
    internal static string Repr(double x)
    {
        if (!double.IsFinite(x)) return NotFinite(x);
        for (var count = 1; ; count++)
        {
            var (digits, exponent) = Scientific(x, count);
            if (count < DigitsOfDouble && double.Parse($"{digits}{Exponent(exponent)}", CultureInfo.InvariantCulture) != x) continue;
            if (exponent is < -4 or >= 16) return $"{digits}{Exponent(exponent)}";
            var text = Fixed(x, Math.Max(1, count - 1 - exponent));
            return text;
        }
    }

    /// <summary><c>str</c> of a <c>timedelta</c> of whole seconds: <c>1 day, 2:03:04</c>.</summary>
    internal static string Duration(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Clamp(Math.Floor(seconds), 0, TimeSpan.MaxValue.TotalSeconds / 2));
        var days = time.Days switch { 0 => "", 1 => "1 day, ", var count => $"{count} days, " };
        return string.Create(CultureInfo.InvariantCulture, $"{days}{time.Hours}:{time.Minutes:D2}:{time.Seconds:D2}");
    }

    private static string NotFinite(double x) => double.IsNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";

    private static (string Digits, int Exponent) Scientific(double x, int digits)
    {
        var parts = x.ToString(FormattableString.Invariant($"E{digits - 1}"), CultureInfo.InvariantCulture).Split('E');
        return (parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static string Exponent(int exponent) => string.Create(CultureInfo.InvariantCulture, $"e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):D2}");

    private static string Trimmed(string text) => text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
}
