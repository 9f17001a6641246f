namespace Fovea.Data.Synth;

/// <summary>Sine and cosine from IEEE additions and multiplications alone.</summary>
/// <remarks>The system's own differ in the last bit between machines; a picture must not. Good to 1e-11 for |x| up to 100.</remarks>
internal static class ExactMath
{
    public static double Sin(double x)
    {
        var quarter = Math.Floor((x * (2 / Math.PI)) + 0.5);
        var r = x - (quarter * (Math.PI / 2));
        return ((int)quarter & 3) switch
        {
            0 => SinNearZero(r),
            1 => CosNearZero(r),
            2 => -SinNearZero(r),
            _ => -CosNearZero(r),
        };
    }

    public static double Cos(double x) => Sin(x + (Math.PI / 2));

    private static double SinNearZero(double r)
    {
        var s = r * r;
        return r * (1 + (s * (-1.0 / 6 + (s * (1.0 / 120 + (s * (-1.0 / 5040 + (s * (1.0 / 362880 + (s * (-1.0 / 39916800)))))))))));
    }

    private static double CosNearZero(double r)
    {
        var s = r * r;
        return 1 + (s * (-1.0 / 2 + (s * (1.0 / 24 + (s * (-1.0 / 720 + (s * (1.0 / 40320 + (s * (-1.0 / 3628800 + (s * (1.0 / 479001600))))))))))));
    }
}
