using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fovea.Backends.OneDnn.Managed.Common;

/// <summary>Where the numbers of an operand lie: in bfloat16, in float32, or in both; zero where there is no such copy.</summary>
internal record struct MixedOperand(nint Narrow, nint Wide);

/// <summary>
/// bfloat16 of which there are copies in float32: an address is that of a <see cref="MixedOperand"/>. What is read in float32 is rounded, and kept in
/// bfloat16 where that copy is wanted; what is written is rounded in both.
/// </summary>
internal readonly unsafe struct MixedNumbers : INumbers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(nint at, long index)
    {
        ref var operand = ref *(MixedOperand*)at;
        if (operand.Wide == 0) return BFloat16Numbers.Load(operand.Narrow, index);
        var x = RoundedNumbers.Load(operand.Wide, index);
        if (operand.Narrow != 0) BFloat16Numbers.Store(operand.Narrow, index, x);
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nint at, long index, Vector512<float> x)
    {
        ref var operand = ref *(MixedOperand*)at;
        if (operand.Narrow != 0) BFloat16Numbers.Store(operand.Narrow, index, x);
        if (operand.Wide != 0) RoundedNumbers.Store(operand.Wide, index, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadOne(nint at, long index)
    {
        ref var operand = ref *(MixedOperand*)at;
        if (operand.Wide == 0) return BFloat16Numbers.LoadOne(operand.Narrow, index);
        var x = RoundedNumbers.LoadOne(operand.Wide, index);
        if (operand.Narrow != 0) BFloat16Numbers.StoreOne(operand.Narrow, index, x);
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreOne(nint at, long index, float x)
    {
        ref var operand = ref *(MixedOperand*)at;
        if (operand.Narrow != 0) BFloat16Numbers.StoreOne(operand.Narrow, index, x);
        if (operand.Wide != 0) RoundedNumbers.StoreOne(operand.Wide, index, x);
    }

    /// <summary>From here on the narrow copy, where there is one, is read.</summary>
    public static void Settle(nint at)
    {
        ref var operand = ref *(MixedOperand*)at;
        if (operand.Narrow != 0) operand.Wide = 0;
    }
}
