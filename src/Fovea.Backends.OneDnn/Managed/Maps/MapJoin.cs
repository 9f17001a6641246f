using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>Joins the partial results of chunks, in their order, and stores what a reduction gives.</summary>
internal sealed unsafe class MapJoin
{
    private readonly MapTables _tables;
    private readonly MapStrides _target;
    private readonly int[]? _valid;
    private readonly double[] _sums;
    private readonly double _scale;
    private readonly double _start;
    private readonly long _count;
    private readonly DType _type;

    internal MapJoin(Reduce reduction, MapGrid grid, MapTables tables, MemoryDesc result, long elements)
    {
        (_tables, _target, _valid, _type) = (tables, grid.Operands[^1], grid.Valid, result.DType);
        Kind = _target switch
        {
            { Row: 0, Lane: 0 } => MapSinkKind.One,
            { Row: 0 } => MapSinkKind.Lanes,
            { Lane: 0 } => MapSinkKind.Rows,
            _ => MapSinkKind.Each,
        };
        _start = reduction.Kind == ReduceKind.Max ? double.NegativeInfinity : 0;
        _scale = reduction.Kind == ReduceKind.Mean ? (double)result.Dims.Elements / elements : 1;
        _sums = new double[result.PaddedElements];
        foreach (ref var chunk in tables.Chunks)
        {
            chunk.Partial = _count;
            _count += Size(chunk);
        }

        Partials = (double*)NativeMemory.AlignedAlloc((nuint)(Math.Max(1, _count) * sizeof(double)), 64);
    }

    internal MapSinkKind Kind { get; }

    internal double* Partials { get; private set; }

    internal void Begin() => new Span<double>(Partials, checked((int)_count)).Fill(_start);

    internal void End(nint y)
    {
        Array.Fill(_sums, _start);
        foreach (ref readonly var chunk in _tables.Chunks)
        {
            var first = _target.Outer[chunk.Outer] + (chunk.FirstRow * _target.Row) + (chunk.FirstLane * _target.Lane);
            var valid = _valid is null ? chunk.Lanes : Math.Clamp(_valid[chunk.Outer] - chunk.FirstLane, 0, chunk.Lanes);
            var (lines, count, step) = Kind switch
            {
                MapSinkKind.One => (1, 1, 0),
                MapSinkKind.Rows => (1, chunk.Rows, _target.Row),
                MapSinkKind.Lanes => (1, valid, _target.Lane),
                _ => (chunk.Rows, valid, _target.Lane),
            };
            for (var line = 0; line < lines; line++)
                Add(Partials + chunk.Partial + ((long)line * chunk.Lanes), first + (line * _target.Row), count, step);
        }

        for (var i = 0; i < _sums.Length; i++) Elements.Store(y, _type, i, _sums[i] * _scale);
    }

    /// <summary>Joins partial results to those from <paramref name="first"/> on, a step apart.</summary>
    private void Add(double* from, long first, int count, long step)
    {
        var (i, isMax) = (0, _start != 0);
        if (step == 1 && count >= 8)
        {
            ref var to = ref _sums[first];
            for (; i + 8 <= count; i += 8)
            {
                var (a, b) = (Vector512.LoadUnsafe(ref to, (nuint)i), Vector512.Load(from + i));
                (isMax ? Vector512.Max(a, b) : a + b).StoreUnsafe(ref to, (nuint)i);
            }
        }

        for (; i < count; i++) MapSums.Join(isMax, ref _sums[first + (i * step)], from[i]);
    }

    internal void Free()
    {
        NativeMemory.AlignedFree(Partials);
        Partials = null;
    }

    private long Size(in MapChunk chunk) => Kind switch
    {
        MapSinkKind.One => 1,
        MapSinkKind.Lanes => chunk.Lanes,
        MapSinkKind.Rows => chunk.Rows,
        _ => (long)chunk.Rows * chunk.Lanes,
    };
}
