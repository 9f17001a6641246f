using System.Globalization;

namespace Fovea.Darknet.Layers;

/// <summary>Numbers as C prints them.</summary>
internal static class Printed
{
    /// <summary>As <c>%5.3f</c> and its like: of two as near the even digit.</summary>
    internal static string Fixed(double number, int digits, int width = 0)
    {
        // With so many digits what lies half-way between two is there exactly, and nothing else is.
        var exact = Math.Abs(number) < 1e6 ? decimal.Parse(number.ToString("F22", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : (decimal?)null;
        var text = exact is { } known
            ? Math.Round(known, digits, MidpointRounding.ToEven).ToString($"F{digits}", CultureInfo.InvariantCulture)
            : number.ToString($"F{digits}", CultureInfo.InvariantCulture);
        return text.PadLeft(width);
    }

    /// <summary>The end of most lines: <c>0.211 BF</c>.</summary>
    internal static string BFlops(float bflops) => $"{Fixed(bflops, 3, 5)} BF";
}
