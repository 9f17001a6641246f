using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Common;

/// <summary>How sixteen neighbouring elements become float32 lanes and back.</summary>
internal unsafe interface INumbers
{
    static abstract Vector512<float> Load(nint at, long index);

    static abstract void Store(nint at, long index, Vector512<float> x);

    static abstract float LoadOne(nint at, long index);

    static abstract void StoreOne(nint at, long index, float x);
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
