namespace Fovea.Ops;

/// <summary>The error function in double precision.</summary>
internal static class ErrorFunction
{
    /// <summary>Below it the series converges quickly, above it the continued fraction does.</summary>
    private const double Border = 3;

    private const int Levels = 60;

    internal static double Of(double x) => Math.Abs(x) <= Border ? Series(x) : Math.Sign(x) * (1 - Complement(Math.Abs(x)));

    /// <summary>2/√π · exp(−x²) · Σ 2ⁿ·x²ⁿ⁺¹/(1·3·…·(2n + 1)): all terms have one sign, so that nothing cancels.</summary>
    private static double Series(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>1 − erf x = exp(−x²)/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))), for x above 0.</summary>
    private static double Complement(double x)
    {
        if (double.IsPositiveInfinity(x)) return 0;
        var fraction = x;
        for (var level = Levels; level > 0; level--) fraction = x + (level / 2.0 / fraction);
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * fraction);
    }
}
