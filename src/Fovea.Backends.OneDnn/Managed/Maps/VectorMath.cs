using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>Functions of sixteen float32 lanes, right to a few units of 2⁻²³.</summary>
internal static class VectorMath
{
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>eˣ; below −87 it is tiny, above 88 it stays near the largest float.</summary>
    /// <remarks>
    /// x = n·ln 2 + r with |r| ≤ ln 2 / 2; a polynomial of degree 6 in r, which lies between ½ and 2, so n is added to its exponent's bits.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Exp(Vector512<float> x)
    {
        x = Vector512.Min(Vector512.Max(x, Vector512.Create(-87.3f)), Vector512.Create(88.3f));
        var n = Vector512.Round(x * Vector512.Create(Log2E));
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), r);
        var p = Vector512.Create(1f / 720);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 120));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 24));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 6));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.5f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        return (p.AsInt32() + Vector512.ShiftLeft(Vector512.ConvertToInt32Native(n), 23)).AsSingle();
    }

    /// <summary>
    /// 1/x for finite x whose inverse is no subnormal number: the processor's estimate to 2⁻¹⁴, and a step of Newton's, which squares the error.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Reciprocal(Vector512<float> x)
    {
        if (!Avx512F.IsSupported) return Vector512<float>.One / x;
        var y = Avx512F.Reciprocal14(x);
        return Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(-x, y, Vector512<float>.One), y, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Sigmoid(Vector512<float> x) => Reciprocal(Vector512<float>.One + Exp(-x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Tanh(Vector512<float> x) =>
        Vector512.FusedMultiplyAdd(Vector512.Create(-2f), Reciprocal(Vector512<float>.One + Exp(x + x)), Vector512<float>.One);

    /// <summary>ln x for x > 0: x = 2ⁿ·m with m in [√½, √2), and the series of artanh in (m − 1)/(m + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Log(Vector512<float> x)
    {
        var bits = x.AsInt32() - Vector512.Create(0x3F3504F3);
        var n = Vector512.ConvertToSingle(Vector512.ShiftRightArithmetic(bits, 23));
        var m = ((bits & Vector512.Create(0x007FFFFF)) + Vector512.Create(0x3F3504F3)).AsSingle();
        var s = (m - Vector512<float>.One) / (m + Vector512<float>.One);
        var square = s * s;
        var p = Vector512.Create(2f / 9);
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(2f / 7));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(2f / 5));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(2f / 3));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(2f));
        return Vector512.FusedMultiplyAdd(n, Vector512.Create(0.693147181f), p * s);
    }

    /// <summary>The error function (Abramowitz and Stegun 1964, 7.1.26), right to 2·10⁻⁷.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="gauss">exp(−x²), which callers need as well.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Erf(Vector512<float> x, Vector512<float> gauss)
    {
        var far = Vector512.Min(Vector512.Abs(x), Vector512.Create(1e9f));
        var t = Reciprocal(Vector512.FusedMultiplyAdd(far, Vector512.Create(0.3275911f), Vector512<float>.One));
        var p = Vector512.Create(1.061405429f);
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-1.453152027f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(1.421413741f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-0.284496736f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(0.254829592f));
        return Vector512.CopySign(Vector512.FusedMultiplyAdd(-(p * t), gauss, Vector512<float>.One), x);
    }

    /// <summary>The largest of some numbers; NaN if one is.</summary>
    internal static float Most(ReadOnlySpan<float> x)
    {
        var (i, lanes) = (0, Vector512.Create(float.NegativeInfinity));
        for (; i + 16 <= x.Length; i += 16) lanes = Vector512.Max(lanes, Vector512.Create(x[i..]));
        var half = Vector256.Max(lanes.GetLower(), lanes.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        var most = MathF.Max(MathF.Max(quarter[0], quarter[1]), MathF.Max(quarter[2], quarter[3]));
        for (; i < x.Length; i++) most = MathF.Max(most, x[i]);
        return most;
    }

    /// <summary>All bits of lane l where bit l of a number is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Lanes(int number)
    {
        var bits = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        return Vector512.Equals(Vector512.Create(number) & bits, bits).AsSingle();
    }
}
