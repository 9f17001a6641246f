using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Common;

/// <summary>float32 in memory, rounded to what bfloat16 holds when it is read and when it is written.</summary>
internal readonly struct RoundedNumbers : INumbers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(nint at, long index) => Rounded(Float32Numbers.Load(at, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint at, long index, Vector512<float> x) => Float32Numbers.Store(at, index, Rounded(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadOne(nint at, long index) => Rounded(Float32Numbers.LoadOne(at, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreOne(nint at, long index, float x) => Float32Numbers.StoreOne(at, index, Rounded(x));

    private static Vector512<float> Rounded(Vector512<float> x) => Vector512.ShiftLeft(BFloat16Numbers.Rounded(x), 16).AsSingle();

    private static float Rounded(float x) => BFloat16Bits.ToSingle(BFloat16Bits.FromSingle(x));
}
