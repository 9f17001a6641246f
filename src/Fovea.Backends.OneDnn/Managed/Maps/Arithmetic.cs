using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>What two numbers give.</summary>
internal static class Arithmetic
{
    internal readonly struct Add : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => a + b;
    }

    /// <summary>p·a + q·b.</summary>
    internal readonly struct Blend : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            Vector512.FusedMultiplyAdd(a, p, b * q);
    }

    internal readonly struct Subtract : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => a - b;
    }

    internal readonly struct Multiply : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => a * b;
    }

    internal readonly struct Divide : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => a / b;
    }

    internal readonly struct Maximum : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => Vector512.Max(a, b);
    }

    internal readonly struct Minimum : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) => Vector512.Min(a, b);
    }

    internal readonly struct GreaterOrEqual : IVectorFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> p, Vector512<float> q) =>
            Vector512.GreaterThanOrEqual(a, b).AsSingle() & Vector512<float>.One;
    }
}
