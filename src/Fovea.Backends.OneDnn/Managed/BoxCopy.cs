using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed;

/// <summary>A strided box of a tensor: along each axis the first element, the step, and how many elements.</summary>
internal readonly record struct Box(Shape Extents, (int Start, int Step)[] At)
{
    /// <summary>A whole tensor.</summary>
    internal static Box Whole(Shape shape) => new(shape, [.. Enumerable.Repeat((0, 1), shape.Rank)]);
}

/// <summary>
/// Copies a strided box of one tensor into a strided box of another, in any blocked layouts, from float32 to bfloat16 or back on the way, or rounding
/// float32 to what bfloat16 holds.
/// </summary>
/// <remarks>
/// In a blocked layout the place of an element is a sum of one term per axis, so a table per axis and side describes the copy. Along the
/// innermost axis the terms are joined into runs of neighbours; the other axes, in the order of the target's memory, into two tables.
/// </remarks>
internal sealed unsafe class BoxCopy : Kernel
{
    /// <summary>Sixteen channels of float32.</summary>
    private const int BlockBytes = 64;

    private readonly nint[] _owned;
    private readonly Work _work;
    private readonly long _bytes;
    private readonly long _clears;

    /// <param name="from">The source's layout.</param>
    /// <param name="to">The target's layout.</param>
    /// <param name="source">What is read.</param>
    /// <param name="target">What is written; as many elements.</param>
    /// <param name="clears">Whether the rest of the target becomes zero.</param>
    /// <param name="rounds">Whether float32 is rounded.</param>
    internal BoxCopy(MemoryDesc from, MemoryDesc to, Box source, Box target, bool clears, bool rounds = false)
    {
        var box = source.Extents;
        var (read, written) = (Tables(from.Layout, source, from.DType.Size), Tables(to.Layout, target, to.DType.Size));
        var order = Enumerable.Range(0, box.Rank).OrderByDescending(axis =>
            written[axis].Length > 1 ? Math.Abs(written[axis][1] - written[axis][0]) : 0).ToList();
        var inner = order.FindLast(axis => box[axis] > 1);
        order.Remove(inner);
        var runs = Runs(read[inner], written[inner], from.DType.Size, to.DType.Size);
        var split = Enumerable.Range(0, order.Count + 1).MinBy(axes => Count(box, order[..axes]) + Count(box, order[axes..]));
        var (outer, rows) = (Combine(order[..split], read, written), Combine(order[split..], read, written));
        _work = new() { OuterCount = outer.Length, RowCount = rows.Length, RunCount = runs.Length, Size = to.DType.Size };
        _work.Cast = rounds ? Casts.Rounds : from.DType == to.DType ? Casts.None : from.DType == DType.BFloat16 ? Casts.Widens : Casts.Narrows;
        if (runs.Length > 0 && Array.TrueForAll(runs, run => run.Count == runs[0].Count)) _work.RunBytes = runs[0].Count * to.DType.Size;
        _owned = [Own(outer, out _work.Outer), Own(rows, out _work.Rows), Own(runs, out _work.Runs)];
        _bytes = box.Elements * to.DType.Size;
        _clears = clears && box.Elements < to.PaddedElements ? to.Bytes : 0;
    }

    internal override string Name => "fovea:box_copy";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var work = _work;
        (work.From, work.To) = (at[0], at[^1]);
        if (_clears > 0)
        {
            work.Clears = _clears;
            GompTeam.Run(Chunks.Parts(_clears / sizeof(float)), &Clear, (nint)(&work));
        }

        if (_bytes > 0) GompTeam.Run((int)Math.Min((long)work.OuterCount * work.RowCount, Chunks.Parts(_bytes / sizeof(float))), &Part, (nint)(&work));
    }

    internal override void Release()
    {
        for (var i = 0; i < _owned.Length; i++)
        {
            NativeMemory.Free((void*)_owned[i]);
            _owned[i] = 0;
        }
    }

    private static void Clear(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var start = work.Clears * part / parts;
        Elements.Clear(work.To + (nint)start, (work.Clears * (part + 1) / parts) - start);
    }

    private static void Part(int part, int parts, nint address)
    {
        ref var work = ref *(Work*)address;
        var total = (long)work.OuterCount * work.RowCount;
        var (start, end) = (total * part / parts, total * (part + 1) / parts);
        var outer = work.Outer + (start / work.RowCount);
        var row = work.Rows + (start % work.RowCount);
        for (var left = end - start; left > 0; left--)
        {
            Copy(in work, work.From + (nint)(outer->From + row->From), work.To + (nint)(outer->To + row->To));
            if (++row < work.Rows + work.RowCount) continue;
            outer++;
            row = work.Rows;
        }
    }

    private static void Copy(in Work work, nint from, nint to)
    {
        if (work.Cast == Casts.Widens) Cast<BFloat16Numbers, Float32Numbers>(in work, from, to);
        else if (work.Cast == Casts.Narrows) Cast<Float32Numbers, BFloat16Numbers>(in work, from, to);
        else if (work.Cast == Casts.Rounds) Cast<Float32Numbers, RoundedNumbers>(in work, from, to);
        else CopyBytes(in work, from, to);
    }

    private static void Cast<TFrom, TTo>(in Work work, nint from, nint to)
        where TFrom : struct, INumbers
        where TTo : struct, INumbers
    {
        for (var i = 0; i < work.RunCount; i++)
        {
            ref var run = ref work.Runs[i];
            if (run.Count == 1) TTo.StoreOne(to + (nint)run.To, 0, TFrom.LoadOne(from + (nint)run.From, 0));
            else Numbers.Copy<TFrom, TTo>(from + (nint)run.From, 0, to + (nint)run.To, 0, run.Count);
        }
    }

    private static void CopyBytes(in Work work, nint from, nint to)
    {
        switch (work.RunBytes)
        {
            case sizeof(ushort):
                for (var i = 0; i < work.RunCount; i++) *(ushort*)(to + (nint)work.Runs[i].To) = *(ushort*)(from + (nint)work.Runs[i].From);
                break;
            case sizeof(uint):
                for (var i = 0; i < work.RunCount; i++) *(uint*)(to + (nint)work.Runs[i].To) = *(uint*)(from + (nint)work.Runs[i].From);
                break;
            case BlockBytes:
                for (var i = 0; i < work.RunCount; i++)
                    Vector512.Load((byte*)(from + (nint)work.Runs[i].From)).Store((byte*)(to + (nint)work.Runs[i].To));
                break;
            default:
                for (var i = 0; i < work.RunCount; i++)
                    Unsafe.CopyBlockUnaligned(
                        (void*)(to + (nint)work.Runs[i].To), (void*)(from + (nint)work.Runs[i].From), (uint)(work.Runs[i].Count * work.Size));
                break;
        }
    }

    private static long Count(Shape box, List<int> axes) => axes.Aggregate(1L, (count, axis) => count * box[axis]);

    private static long[][] Tables(MemoryLayout layout, Box box, int size)
    {
        var tables = new long[box.Extents.Rank][];
        for (var axis = 0; axis < tables.Length; axis++)
        {
            tables[axis] = new long[box.Extents[axis]];
            for (var i = 0; i < tables[axis].Length; i++) tables[axis][i] = size * layout.Place(axis, box.At[axis].Start + (i * box.At[axis].Step));
        }

        for (var i = 0; i < tables[0].Length; i++) tables[0][i] += size * layout.Offset;
        return tables;
    }

    private static Move[] Moves(long[] from, long[] to) => [.. from.Zip(to, (f, t) => new Move { From = f, To = t })];

    /// <summary>Every position along several axes.</summary>
    private static Move[] Combine(List<int> axes, long[][] from, long[][] to)
    {
        Move[] all = [new Move()];
        foreach (var axis in axes)
            all = [.. all.SelectMany(_ => Moves(from[axis], to[axis]), (sum, move) => new Move { From = sum.From + move.From, To = sum.To + move.To })];
        return all;
    }

    private static Move[] Runs(long[] from, long[] to, int read, int written)
    {
        var runs = new List<Move>();
        for (var i = 0; i < from.Length; i++)
        {
            if (runs.Count > 0 && runs[^1] is var last && from[i] == last.From + (last.Count * read) && to[i] == last.To + (last.Count * written))
                runs[^1] = last with { Count = last.Count + 1 };
            else
                runs.Add(new() { From = from[i], To = to[i], Count = 1 });
        }

        return [.. runs];
    }

    private static nint Own<T>(T[] content, out T* block)
        where T : unmanaged
    {
        block = (T*)NativeMemory.Alloc((nuint)Math.Max(1, content.Length * sizeof(T)));
        content.AsSpan().CopyTo(new Span<T>(block, content.Length));
        return (nint)block;
    }

    private record struct Move
    {
        internal long From;
        internal long To;
        internal int Count;
    }

    private enum Casts
    {
        None,
        Widens,
        Narrows,
        Rounds,
    }

    private struct Work
    {
        internal nint From;
        internal nint To;
        internal long Clears;
        internal Move* Outer;
        internal Move* Rows;
        internal Move* Runs;
        internal int OuterCount;
        internal int RowCount;
        internal int RunCount;
        internal int RunBytes;
        internal int Size;
        internal Casts Cast;
    }
}
