using System.Numerics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Σ x² over several vectors. The order of summation depends on their lengths alone, not on the number of threads.</summary>
internal sealed unsafe class SquaredNormKernel : Kernel
{
    private const long BlockElements = 1 << 15;

    private readonly (int Vector, long Start, long End)[] _blocks;
    private readonly double[] _sums;

    internal SquaredNormKernel(long[] lengths)
    {
        var blocks = new List<(int, long, long)>();
        for (var v = 0; v < lengths.Length; v++)
            for (var start = 0L; start < lengths[v]; start += BlockElements) blocks.Add((v, start, Math.Min(start + BlockElements, lengths[v])));
        _blocks = [.. blocks];
        _sums = GC.AllocateArray<double>(_blocks.Length, pinned: true);
    }

    internal override string Name => "fovea:squared_norm";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        fixed (nint* vectors = at)
        fixed ((int, long, long)* blocks = _blocks)
        fixed (double* sums = _sums)
        {
            var work = new Work { Vectors = vectors, Blocks = blocks, Sums = sums, Count = _blocks.Length };
            GompTeam.Run(Math.Min(GompTeam.MaxThreads, _blocks.Length), &Part, (nint)(&work));
        }

        var sum = 0.0;
        foreach (var part in _sums) sum += part;
        *(float*)at[^1] = (float)sum;
    }

    private static void Part(int part, int parts, nint address)
    {
        var work = (Work*)address;
        for (var b = part; b < work->Count; b += parts)
        {
            var (vector, i, end) = work->Blocks[b];
            var x = (float*)work->Vectors[vector];
            var lanes = Vector<float>.Zero;
            for (; i + Vector<float>.Count <= end; i += Vector<float>.Count) lanes = Vector.FusedMultiplyAdd(Vector.Load(x + i), Vector.Load(x + i), lanes);
            var sum = (double)Vector.Sum(lanes);
            for (; i < end; i++) sum += (double)x[i] * x[i];
            work->Sums[b] = sum;
        }
    }

    private struct Work
    {
        internal nint* Vectors;
        internal (int Vector, long Start, long End)* Blocks;
        internal double* Sums;
        internal int Count;
    }
}
