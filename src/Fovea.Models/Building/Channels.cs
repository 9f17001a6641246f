namespace Fovea.Models.Building;

/// <summary>Numbers of channels as the mobile nets round them.</summary>
internal static class Channels
{
    /// <summary>The nearest multiple of a divisor, at least one; the next one where that is less than <paramref name="least"/> of the number.</summary>
    internal static int Divisible(double channels, int divisor = 8, double least = 0.9)
    {
        var nearest = Math.Max(divisor, (int)(channels + (divisor / 2.0)) / divisor * divisor);
        return nearest < least * channels ? nearest + divisor : nearest;
    }
}
