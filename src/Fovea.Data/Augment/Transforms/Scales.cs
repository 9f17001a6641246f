namespace Fovea.Data.Augment;

/// <summary>Factors around 1, as Darknet draws them.</summary>
internal static class Scales
{
    /// <summary>Uniform in 1 to a largest one, or one over that.</summary>
    public static double Draw(double largest, ref Draws draws)
    {
        var scale = draws.Uniform(1, largest);
        return draws.Chance(0.5) ? scale : 1 / scale;
    }
}
