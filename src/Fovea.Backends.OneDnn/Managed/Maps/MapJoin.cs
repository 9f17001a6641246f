using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Interop;
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
            var from = Partials + chunk.Partial;
            var first = _target.Outer[chunk.Outer];
            var valid = _valid is null ? int.MaxValue : _valid[chunk.Outer] - chunk.FirstLane;
            var (rows, lanes) = (Kind is MapSinkKind.Rows or MapSinkKind.Each ? chunk.Rows : 1,
                Kind is MapSinkKind.Lanes or MapSinkKind.Each ? chunk.Lanes : 1);
            for (var r = 0; r < rows; r++)
            {
                var row = first + ((chunk.FirstRow + r) * _target.Row) + (chunk.FirstLane * _target.Lane);
                for (var l = 0; l < Math.Min(lanes, valid); l++)
                    MapSums.Join(_start != 0, ref _sums[row + (l * _target.Lane)], from[((long)r * lanes) + l]);
            }
        }

        for (var i = 0; i < _sums.Length; i++) Elements.Store(y, _type, i, _sums[i] * _scale);
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
