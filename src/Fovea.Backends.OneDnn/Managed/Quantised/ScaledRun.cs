using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Quantised;

/// <summary>What is computed of elements side by side that share a scale.</summary>
internal interface IScaledRow
{
    /// <summary>Computes the elements from <paramref name="from"/> up to <paramref name="end"/>.</summary>
    static abstract void Of(in ScaledWork work, long from, long end, float scale, int zero);
}

/// <summary>Addresses and numbers of a pass over elements with scales.</summary>
internal struct ScaledWork
{
    internal nint X;
    internal nint Y;
    internal nint Scale;
    internal nint Zero;
    internal ScaledRows Rows;
    internal DType Type;
    internal int Low;
    internal int High;
}

/// <summary>A pass over elements with scales, divided among the threads of the team.</summary>
internal static unsafe class ScaledRun<TRow>
    where TRow : IScaledRow
{
    /// <summary>Runs it; the addresses are those of x, scales, zero points and y.</summary>
    internal static void All(ScaledWork work, ReadOnlySpan<nint> at)
    {
        (work.X, work.Scale, work.Zero, work.Y) = (at[0], at[1], at[2], at[3]);
        GompTeam.Run(Chunks.Parts(work.Rows.Elements), &Part, (nint)(&work));
    }

    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(ScaledWork*)address;
        var (i, end) = Chunks.Of(part, parts, work.Rows.Elements);
        while (i < end)
        {
            var (place, rowEnd) = work.Rows.Of(i);
            var stop = Math.Min(rowEnd, end);
            TRow.Of(work, i, stop, ((float*)work.Scale)[place], ((int*)work.Zero)[place]);
            i = stop;
        }
    }
}
