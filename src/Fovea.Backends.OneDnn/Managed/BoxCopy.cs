using System.Runtime.CompilerServices;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>Copies a strided box of one tensor into a strided box of another, in any blocked layouts; the rest of the target becomes zero.</summary>
/// <remarks>
/// In a blocked layout the place of an element is a sum of one term per axis, so a table per axis and side describes the copy. Along the
/// innermost axis the terms are joined into runs of neighbours.
/// </remarks>
internal sealed unsafe class BoxCopy : Kernel
{
    private readonly long[][] _from;
    private readonly long[][] _to;
    private readonly (long From, long To, int Bytes)[] _runs;
    private readonly int[] _outer;
    private readonly long _targetBytes;
    private readonly bool _clears;

    /// <param name="from">The source's layout.</param>
    /// <param name="to">The target's layout.</param>
    /// <param name="box">How many elements are copied along each axis.</param>
    /// <param name="source">Along each axis: the first element read, and the step.</param>
    /// <param name="target">Along each axis: the first element written, and the step.</param>
    internal BoxCopy(MemoryDesc from, MemoryDesc to, Shape box, (int Start, int Step)[] source, (int Start, int Step)[] target)
    {
        var size = from.DType.Size;
        _from = Tables(from.Layout, box, source, size);
        _to = Tables(to.Layout, box, target, size);
        var inner = Enumerable.Range(0, box.Rank).OrderBy(axis => InnerStride(axis)).First();
        _outer = [.. Enumerable.Range(0, box.Rank).Where(axis => axis != inner)];
        _runs = Runs(_from[inner], _to[inner], size);
        _targetBytes = to.Bytes;
        _clears = box.Elements < to.PaddedElements;
        long InnerStride(int axis) => _to[axis].Length > 1 ? Math.Abs(_to[axis][1] - _to[axis][0]) : long.MaxValue;
    }

    internal override string Name => "fovea:box_copy";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        if (_clears) Elements.Clear(at[1], _targetBytes);
        Walk(0, at[0], at[1]);
    }

    private void Walk(int depth, nint from, nint to)
    {
        if (depth == _outer.Length)
        {
            CopyRuns(from, to);
            return;
        }

        var (f, t) = (_from[_outer[depth]], _to[_outer[depth]]);
        for (var i = 0; i < f.Length; i++) Walk(depth + 1, from + (nint)f[i], to + (nint)t[i]);
    }

    private void CopyRuns(nint from, nint to)
    {
        foreach (var run in _runs) Unsafe.CopyBlockUnaligned((void*)(to + (nint)run.To), (void*)(from + (nint)run.From), (uint)run.Bytes);
    }

    private static long[][] Tables(MemoryLayout layout, Shape box, (int Start, int Step)[] at, int size)
    {
        var tables = new long[box.Rank][];
        for (var axis = 0; axis < box.Rank; axis++)
        {
            tables[axis] = new long[box[axis]];
            for (var i = 0; i < box[axis]; i++) tables[axis][i] = size * Place(layout, axis, at[axis].Start + (i * at[axis].Step));
        }

        for (var i = 0; i < tables[0].Length; i++) tables[0][i] += size * layout.Offset;
        return tables;
    }

    /// <summary>The part of an element's place that its position along one axis accounts for.</summary>
    private static long Place(MemoryLayout layout, int axis, int position)
    {
        var (place, step) = (0L, 1L);
        var rest = position;
        for (var b = layout.InnerBlocks.Length - 1; b >= 0; b--)
        {
            if (layout.InnerAxes[b] == axis)
            {
                place += rest % layout.InnerBlocks[b] * step;
                rest /= layout.InnerBlocks[b];
            }

            step *= layout.InnerBlocks[b];
        }

        return place + (rest * layout.Strides[axis]);
    }

    private static (long From, long To, int Bytes)[] Runs(long[] from, long[] to, int size)
    {
        var runs = new List<(long From, long To, int Bytes)>();
        for (var i = 0; i < from.Length; i++)
        {
            if (runs.Count > 0 && runs[^1] is var last && from[i] == last.From + last.Bytes && to[i] == last.To + last.Bytes)
                runs[^1] = last with { Bytes = last.Bytes + size };
            else
                runs.Add((from[i], to[i], size));
        }

        return [.. runs];
    }
}
