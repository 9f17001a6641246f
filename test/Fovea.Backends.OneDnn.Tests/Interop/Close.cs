namespace Fovea.Backends.OneDnn.Tests.Interop;

internal static class Close
{
    /// <summary>Rounding of float32 sums of some hundred products of numbers below 1.</summary>
    internal const double Float32 = 2e-5;

    /// <summary>bfloat16 keeps 8 bits.</summary>
    internal const double BFloat16 = 2e-2;

    /// <summary>Compares element by element; the tolerance is relative to the largest expected magnitude, at least 1.</summary>
    internal static void To(double[] expected, float[] actual, double tolerance = Float32)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = Math.Max(1, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs(expected[i] - actual[i]);
            Assert.True(difference <= tolerance * scale, $"element {i} is {actual[i]}, wanted {expected[i]} within {tolerance * scale}");
        }
    }
}
