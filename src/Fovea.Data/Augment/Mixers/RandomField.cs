namespace Fovea.Data.Augment;

/// <summary>A random field whose frequencies fade: the real part of a Fourier series with normal coefficients times 1/f^decay.</summary>
internal static class RandomField
{
    // Frequencies beyond have a strength of less than a thousandth of the first with the usual decay.
    private const int HighestFrequency = 12;

    /// <summary>Draws a field, [height, width].</summary>
    public static double[] Draw(int width, int height, double decay, ref Draws draws)
    {
        var (across, down) = (Math.Min(HighestFrequency, width / 2), Math.Min(HighestFrequency, height / 2));
        var field = new double[width * height];
        var (cos, sin) = (new double[width], new double[width]);
        for (var v = -down; v <= down; v++)
        {
            Array.Clear(cos);
            Array.Clear(sin);
            // Rows share the sum over the frequencies across.
            for (var u = 0; u <= across; u++)
            {
                var frequency = Math.Max(Math.Sqrt(Square(u / (double)width) + Square(v / (double)height)), 1.0 / Math.Max(width, height));
                var strength = Math.Pow(1 / (frequency * Math.Max(width, height)), decay);
                var (re, im) = (strength * draws.Normal(), strength * draws.Normal());
                for (var x = 0; x < width; x++)
                {
                    var (s, c) = Math.SinCos(2 * Math.PI * u * x / width);
                    cos[x] += (re * c) - (im * s);
                    sin[x] += (re * s) + (im * c);
                }
            }

            for (var y = 0; y < height; y++)
            {
                var (s, c) = Math.SinCos(2 * Math.PI * v * y / height);
                for (var x = 0; x < width; x++) field[(y * width) + x] += (cos[x] * c) - (sin[x] * s);
            }
        }

        return field;
    }

    private static double Square(double x) => x * x;
}
