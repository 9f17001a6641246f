using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Common;

/// <summary>How sixteen neighbouring elements become float32 lanes and back.</summary>
/// <remarks>Kernels know the elements of an operand by an address that they hand on as it is: what lies there is the type's own affair.</remarks>
internal unsafe interface INumbers
{
    static abstract Vector512<float> Load(nint at, long index);

    static abstract void Store(nint at, long index, Vector512<float> x);

    static abstract float LoadOne(nint at, long index);

    static abstract void StoreOne(nint at, long index, float x);

    /// <summary>Called between two passes of a kernel, of which the first has loaded every element of an operand.</summary>
    static virtual void Settle(nint at)
    {
    }
}

/// <summary>What is done with numbers of any kind.</summary>
internal static class Numbers
{
    private const int Lanes = 16;

    /// <summary>Copies neighbours, from the element at one index on to that at another.</summary>
    internal static void Copy<TFrom, TTo>(nint from, long first, nint to, long target, long count)
        where TFrom : struct, INumbers
        where TTo : struct, INumbers
    {
        var i = 0L;
        for (; i + Lanes <= count; i += Lanes) TTo.Store(to, target + i, TFrom.Load(from, first + i));
        for (; i < count; i++) TTo.StoreOne(to, target + i, TFrom.LoadOne(from, first + i));
    }
}

/// <summary>float32 in memory.</summary>
internal readonly unsafe struct Float32Numbers : INumbers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(nint at, long index) => Vector512.Load((float*)at + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint at, long index, Vector512<float> x) => x.Store((float*)at + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadOne(nint at, long index) => ((float*)at)[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreOne(nint at, long index, float x) => ((float*)at)[index] = x;
}

/// <summary>bfloat16 in memory, rounded to nearest even; a NaN may become an infinity.</summary>
internal readonly unsafe struct BFloat16Numbers : INumbers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(nint at, long index)
    {
        var (low, high) = Vector256.Widen(Vector256.Load((ushort*)at + index));
        return Vector512.ShiftLeft(Vector512.Create(low, high), 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint at, long index, Vector512<float> x)
    {
        var rounded = Rounded(x);
        Vector256.Narrow(rounded.GetLower(), rounded.GetUpper()).Store((ushort*)at + index);
    }

    /// <summary>The sixteen bits of each number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<uint> Rounded(Vector512<float> x)
    {
        var bits = x.AsUInt32();
        var odd = Vector512.ShiftRightLogical(bits, 16) & Vector512<uint>.One;
        return Vector512.ShiftRightLogical(bits + Vector512.Create(0x7FFFu) + odd, 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadOne(nint at, long index) => BFloat16Bits.ToSingle(((ushort*)at)[index]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreOne(nint at, long index, float x) => ((ushort*)at)[index] = BFloat16Bits.FromSingle(x);
}
