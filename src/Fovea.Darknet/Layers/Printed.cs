using System.Globalization;

namespace Fovea.Darknet.Layers;

/// <summary>Numbers as C prints them.</summary>
internal static class Printed
{
    /// <summary>As <c>%5.3f</c> and its like: of two as near the even digit.</summary>
    internal static string Fixed(double number, int digits, int width = 0)
    {
        // A decimal has 28 digits: a float that lies half-way between two is there exactly.
        var text = Math.Abs(number) < 1e12
            ? Math.Round((decimal)number, digits, MidpointRounding.ToEven).ToString($"F{digits}", CultureInfo.InvariantCulture)
            : number.ToString($"F{digits}", CultureInfo.InvariantCulture);
        return text.PadLeft(width);
    }

    /// <summary>The end of most lines: <c>0.211 BF</c>.</summary>
    internal static string BFlops(float bflops) => $"{Fixed(bflops, 3, 5)} BF";
}
