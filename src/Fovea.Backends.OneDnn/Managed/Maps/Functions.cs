using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>Functions of one number.</summary>
internal static class Functions
{
    internal readonly struct Same : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => a;
    }

    /// <summary>a as bfloat16 holds it.</summary>
    internal readonly struct Rounded : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            Vector512.ShiftLeft(BFloat16Numbers.Rounded(a), 16).AsSingle();
    }

    /// <summary>p·a + q.</summary>
    internal readonly struct Affine : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            Vector512.FusedMultiplyAdd(a, p, q);
    }

    internal readonly struct Relu : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            Vector512.Max(a, Vector512<float>.Zero);
    }

    internal readonly struct Round : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => Vector512.Round(a);
    }

    /// <summary>a limited to [p, q].</summary>
    internal readonly struct Clip : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            Vector512.Min(Vector512.Max(a, p), q);
    }

    /// <summary>min(1, p/(√a + 10⁻⁶)).</summary>
    internal readonly struct ClipFactor : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            Vector512.Min(Vector512<float>.One, p / (Vector512.Sqrt(a) + Vector512.Create(1e-6f)));
    }

    internal readonly struct Exp : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => VectorMath.Exp(a);
    }

    internal readonly struct Log : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => VectorMath.Log(a);
    }

    internal readonly struct Reciprocal : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => Vector512<float>.One / a;
    }

    internal readonly struct ReciprocalSqrt : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            Vector512<float>.One / Vector512.Sqrt(a);
    }

    internal readonly struct Sqrt : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => Vector512.Sqrt(a);
    }

    internal readonly struct Square : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => a * a;
    }

    internal readonly struct Sigmoid : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => VectorMath.Sigmoid(a);
    }

    internal readonly struct Tanh : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => VectorMath.Tanh(a);
    }

    internal readonly struct Silu : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => a * VectorMath.Sigmoid(a);
    }

    internal readonly struct HardSigmoid : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            Vector512.Min(Vector512.Max(Vector512.FusedMultiplyAdd(a, Vector512.Create(1f / 6), Vector512.Create(0.5f)), Vector512<float>.Zero),
            Vector512<float>.One);
    }

    internal readonly struct HardSwish : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            a * Vector512.Min(Vector512.Max(Vector512.FusedMultiplyAdd(a, Vector512.Create(1f / 6), Vector512.Create(0.5f)), Vector512<float>.Zero),
            Vector512<float>.One);
    }

    /// <summary>a where a > 0, else p·a.</summary>
    internal readonly struct LeakyRelu : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(a, Vector512<float>.Zero), a, a * p);
    }

    internal readonly struct Gelu : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q)
        {
            var gauss = VectorMath.Exp(a * a * Vector512.Create(-0.5f));
            var half = a * Vector512.Create(0.5f);
            return Vector512.FusedMultiplyAdd(half, VectorMath.Erf(a * Vector512.Create(0.707106781f), gauss), half);
        }
    }

    /// <summary>With ½(1 + tanh u) = σ(2u).</summary>
    internal readonly struct GeluTanh : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q)
        {
            var inner = a * Vector512.FusedMultiplyAdd(a * a, Vector512.Create(0.0356774081f), Vector512.Create(0.797884561f));
            return a * VectorMath.Sigmoid(inner + inner);
        }
    }

    /// <summary>tanh(ln(1 + e)) = n/(n + 2) with n = e² + 2e.</summary>
    internal readonly struct Mish : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q)
        {
            var e = VectorMath.Exp(Vector512.Min(a, Vector512.Create(20f)));
            var n = e * (e + Vector512.Create(2f));
            return a * n * VectorMath.Reciprocal(n + Vector512.Create(2f));
        }
    }

    internal readonly struct Softplus : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            Vector512.Max(a, Vector512<float>.Zero) + VectorMath.Log(Vector512<float>.One + VectorMath.Exp(-Vector512.Abs(a)));
    }

    internal readonly struct Erf : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            VectorMath.Erf(a, VectorMath.Exp(-(a * a)));
    }
}
