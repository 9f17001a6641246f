using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>Moves numbers between memory and the registers of a block.</summary>
internal static unsafe class MapBlocks
{
    /// <summary>Widens n bfloat16 numbers.</summary>
    internal static void Widen(in MapOperand operand, long first, float* to, int n)
    {
        if (operand.Numbers == MapNumbers.Mixed) Numbers.Copy<MixedNumbers, Float32Numbers>(operand.At, first, (nint)to, 0, n);
        else Numbers.Copy<BFloat16Numbers, Float32Numbers>(operand.At, first, (nint)to, 0, n);
    }

    /// <summary>Stores n numbers, rounding them where the memory is bfloat16.</summary>
    internal static void Store(float* from, nint to, long first, int n, MapNumbers numbers)
    {
        if (numbers == MapNumbers.Float32) Unsafe.CopyBlockUnaligned((float*)to + first, from, (uint)n * sizeof(float));
        else if (numbers == MapNumbers.Mixed) Numbers.Copy<Float32Numbers, MixedNumbers>((nint)from, 0, to, first, n);
        else Numbers.Copy<Float32Numbers, BFloat16Numbers>((nint)from, 0, to, first, n);
    }

    /// <summary>Lays out a row once, then copies it to the other rows; up to sixteen numbers more are written.</summary>
    internal static void Tile(in MapOperand operand, long first, float* to, int lanes, int rows)
    {
        if (operand.Numbers != MapNumbers.Float32) Widen(operand, first, to, lanes);
        else Unsafe.CopyBlockUnaligned(to, (float*)operand.At + first, (uint)lanes * sizeof(float));
        if (lanes is 16 or 8 or 4)
        {
            for (var l = lanes; l < 16; l++) to[l] = to[l - lanes];
            var row = Vector512.Load(to);
            for (var i = 16; i < rows * lanes; i += 16) row.Store(to + i);
            return;
        }

        for (var r = 1; r < rows; r++) Unsafe.CopyBlockUnaligned(to + ((long)r * lanes), to, (uint)lanes * sizeof(float));
    }

    /// <summary>One number sixteen times: what block functions read of an operand that is no more.</summary>
    internal static void Fill(in MapOperand operand, long at, float* to) => Vector512.Create(One(operand, at)).Store(to);

    /// <summary>One number for each row, repeated over its lanes.</summary>
    internal static void FillRows(in MapOperand operand, long first, float* to, int lanes, int rows)
    {
        for (var r = 0; r < rows; r++) new Span<float>(to + ((long)r * lanes), lanes).Fill(One(operand, first + (r * operand.Row)));
    }

    /// <summary>Sets the lanes from <paramref name="valid"/> on to zero.</summary>
    internal static void ClearPadding(float* block, int lanes, int rows, int valid)
    {
        for (var r = 0; r < rows; r++) new Span<float>(block + ((long)r * lanes) + valid, lanes - valid).Clear();
    }

    private static float One(in MapOperand operand, long at) => operand.Numbers switch
    {
        MapNumbers.Float32 => ((float*)operand.At)[at],
        MapNumbers.Mixed => MixedNumbers.LoadOne(operand.At, at),
        _ => BFloat16Numbers.LoadOne(operand.At, at),
    };
}
