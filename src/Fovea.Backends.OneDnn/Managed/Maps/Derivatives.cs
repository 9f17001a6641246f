using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>Gradients of functions: a is the argument, or the result where the name says so, b the gradient of the result.</summary>
internal static class Derivatives
{
    internal readonly struct Affine : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => b * p;
    }

    internal readonly struct ReluOfResult : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            Vector512.GreaterThan(a, Vector512<float>.Zero).AsSingle() & b;
    }

    internal readonly struct ClipOfResult : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            (Vector512.GreaterThan(a, p) & Vector512.LessThan(a, q)).AsSingle() & b;
    }

    internal readonly struct HardSigmoidOfResult : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            (Vector512.GreaterThan(a, Vector512<float>.Zero) & Vector512.LessThan(a, Vector512<float>.One)).AsSingle() & (b * Vector512.Create(1f / 6));
    }

    internal readonly struct ClipFactor : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q)
        {
            var root = Vector512.Sqrt(a);
            var norm = root + Vector512.Create(1e-6f);
            return Vector512.LessThan(p, norm).AsSingle() & (Vector512.Create(-0.5f) * p * b / (norm * norm * root));
        }
    }

    internal readonly struct ExpOfResult : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => a * b;
    }

    internal readonly struct Log : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => b / a;
    }

    internal readonly struct ReciprocalOfResult : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => -(a * a * b);
    }

    internal readonly struct ReciprocalSqrtOfResult : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            Vector512.Create(-0.5f) * a * a * a * b;
    }

    internal readonly struct SqrtOfResult : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => Vector512.Create(0.5f) * b / a;
    }

    internal readonly struct Square : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => (a + a) * b;
    }

    internal readonly struct SigmoidOfResult : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => a * (Vector512<float>.One - a) * b;
    }

    internal readonly struct TanhOfResult : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            (Vector512<float>.One - (a * a)) * b;
    }

    internal readonly struct Silu : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q)
        {
            var s = VectorMath.Sigmoid(a);
            return s * Vector512.FusedMultiplyAdd(a, Vector512<float>.One - s, Vector512<float>.One) * b;
        }
    }

    internal readonly struct HardSwish : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q)
        {
            var inner = Vector512.FusedMultiplyAdd(a, Vector512.Create(1f / 3), Vector512.Create(0.5f));
            inner = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(a, Vector512.Create(3f)), Vector512<float>.One, inner);
            return (Vector512.GreaterThan(a, Vector512.Create(-3f)).AsSingle() & inner) * b;
        }
    }

    /// <summary>Of the argument, or of the result where p > 0.</summary>
    internal readonly struct LeakyRelu : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(a, Vector512<float>.Zero), b, b * p);
    }

    internal readonly struct Gelu : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q)
        {
            var gauss = VectorMath.Exp(a * a * Vector512.Create(-0.5f));
            var phi = Vector512.FusedMultiplyAdd(VectorMath.Erf(a * Vector512.Create(0.707106781f), gauss), Vector512.Create(0.5f), Vector512.Create(0.5f));
            return Vector512.FusedMultiplyAdd(a * Vector512.Create(0.39894228f), gauss, phi) * b;
        }
    }

    /// <summary>With s = ½(1 + tanh u) = σ(2u): s + 2a·s(1 − s)·u′.</summary>
    internal readonly struct GeluTanh : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q)
        {
            var square = a * a;
            var inner = a * Vector512.FusedMultiplyAdd(square, Vector512.Create(0.0356774081f), Vector512.Create(0.797884561f));
            var slope = Vector512.FusedMultiplyAdd(square, Vector512.Create(0.107032224f), Vector512.Create(0.797884561f));
            var s = VectorMath.Sigmoid(inner + inner);
            return s * Vector512.FusedMultiplyAdd((a + a) * slope, Vector512<float>.One - s, Vector512<float>.One) * b;
        }
    }

    /// <summary>f = a·n/(n + 2) with n = e² + 2e.</summary>
    internal readonly struct Mish : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q)
        {
            var e = VectorMath.Exp(Vector512.Min(a, Vector512.Create(20f)));
            var n = e * (e + Vector512.Create(2f));
            var d = VectorMath.Reciprocal(n + Vector512.Create(2f));
            return Vector512.FusedMultiplyAdd(Vector512.Create(4f) * a * e * (e + Vector512<float>.One) * d, d, n * d) * b;
        }
    }

    internal readonly struct Softplus : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => VectorMath.Sigmoid(a) * b;
    }

    internal readonly struct Erf : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            VectorMath.Exp(-(a * a)) * Vector512.Create(1.12837917f) * b;
    }
}
