using System.Runtime.CompilerServices;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Rows of a plain table by their numbers: reads table, numbers; a number outside of the table gives zeros.</summary>
internal sealed unsafe class TakeKernel(int rows, int rowBytes, int count) : Kernel
{
    internal override string Name => "fovea:take";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var numbers = Elements.Ints(at[1], count);
        for (var i = 0; i < count; i++)
        {
            var to = at[2] + (nint)((long)i * rowBytes);
            if ((uint)numbers[i] >= (uint)rows) Elements.Clear(to, rowBytes);
            else Unsafe.CopyBlockUnaligned((void*)to, (void*)(at[0] + (nint)((long)numbers[i] * rowBytes)), (uint)rowBytes);
        }
    }
}

/// <summary>The gradient of <see cref="TakeKernel"/> by the table: adds each row to that of its number; reads dy, numbers.</summary>
internal sealed class TakeGradientKernel(DType type, int rows, int row, int count) : Kernel
{
    private readonly double[] _sums = new double[(long)rows * row];

    internal override string Name => "fovea:take";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        Array.Clear(_sums);
        var numbers = Elements.Ints(at[1], count);
        for (var i = 0; i < count; i++)
        {
            if ((uint)numbers[i] >= (uint)rows) continue;
            var to = _sums.AsSpan(numbers[i] * row, row);
            for (var c = 0; c < row; c++) to[c] += Elements.Load(at[0], type, ((long)i * row) + c);
        }

        for (var i = 0; i < _sums.Length; i++) Elements.Store(at[2], type, i, _sums[i]);
    }
}
