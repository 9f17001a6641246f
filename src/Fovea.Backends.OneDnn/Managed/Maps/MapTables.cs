using System.Diagnostics;
using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Fusion;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>A map's tables: operands, instructions and chunks, in memory that threads reach through pointers.</summary>
internal sealed unsafe class MapTables
{
    private const int ChunkElements = 32 * 1024;

    /// <summary>Of maps that only run along memory, whose chunks cost nothing to begin.</summary>
    private const int ShortChunkElements = 8 * 1024;

    private readonly List<nint> _owned = [];
    private readonly List<MapChunk> _chunks = [];
    private readonly MapGrid _grid;
    private MapWork _work;

    /// <param name="program">What is computed.</param>
    /// <param name="grid">How operands move.</param>
    /// <param name="types">How the numbers of each operand lie.</param>
    /// <param name="results">The same of each result.</param>
    /// <param name="overlays">For each result, the operands whose memory it may take.</param>
    internal MapTables(MapProgram program, MapGrid grid, MapNumbers[] types, MapNumbers[] results, IReadOnlyList<int[]> overlays)
    {
        _grid = grid;
        MapOperand[] operands = [.. types.Select((numbers, i) => Operand(grid.Operands[i], numbers, i))];
        _work.Operands = Own<MapOperand>(operands);
        _work.OperandCount = operands.Length;
        var code = new MapCode(program, [.. operands.Select(operand => operand.Access == MapAccess.Fill)], results, overlays);
        _work.Instructions = Own<MapInstruction>(code.Instructions);
        _work.InstructionCount = code.Instructions.Length;
        _work.Results = Own<MapResult>(code.Results);
        _work.ResultCount = results.Length;
        (_work.Rows, _work.Lanes, _work.Slots) = (grid.Rows, grid.Lanes, code.Slots);
        _work.Prefetches = results.Length > 1 && grid.Rows == 1;
        if (grid.Valid is not null) _work.Valid = Own<int>(grid.Valid);
        Cut(program.Reduction is null ? ShortChunkElements : ChunkElements);
        _work.Chunks = Own<MapChunk>(CollectionsMarshal.AsSpan(_chunks));
        _work.ChunkCount = _chunks.Count;
    }

    internal MapWork Work => _work;

    internal Span<MapChunk> Chunks => new(_work.Chunks, _work.ChunkCount);

    internal void Free()
    {
        foreach (var block in _owned) NativeMemory.AlignedFree((void*)block);
        _owned.Clear();
    }

    /// <summary>Chunks depend on shapes alone, so that the order of sums does not depend on the number of threads.</summary>
    private void Cut(int run)
    {
        var lanes = _grid.Lanes <= MapWork.Block ? _grid.Lanes : _grid.Rows == 1 ? run : MapWork.Block;
        var rows = Math.Max(1, ChunkElements / lanes);
        for (var outer = 0L; outer < _grid.Outers; outer++)
            for (var row = 0; row < _grid.Rows; row += rows)
                for (var lane = 0; lane < _grid.Lanes; lane += lanes)
                {
                    _chunks.Add(new()
                    {
                        Outer = outer,
                        FirstRow = row,
                        Rows = Math.Min(rows, _grid.Rows - row),
                        FirstLane = lane,
                        Lanes = Math.Min(lanes, _grid.Lanes - lane),
                    });
                }
    }

    private MapOperand Operand(MapStrides strides, MapNumbers numbers, int slot)
    {
        var operand = new MapOperand { Numbers = numbers, Slot = slot, Row = strides.Row, Access = Access(strides) };
        var outer = strides.Outer;
        operand.OuterStep = outer.Length > 1 ? outer[1] : 0;
        for (var i = 0; i < outer.Length; i++)
        {
            if (outer[i] == i * operand.OuterStep) continue;
            operand.Outer = Own<long>(outer);
            break;
        }

        return operand;
    }

    private MapAccess Access(MapStrides strides) => strides switch
    {
        { Lane: 0, Row: 0 } => MapAccess.Fill,
        { Lane: 0 } => MapAccess.Rows,
        { Lane: 1 } when strides.Row == _grid.Lanes || _grid.Rows == 1 || _grid.Lanes > MapWork.Block => MapAccess.Direct,
        { Lane: 1, Row: 0 } => MapAccess.Tile,
        _ => throw new UnreachableException($"an operand with strides {strides.Row} and {strides.Lane} over {_grid.Rows} rows of {_grid.Lanes} lanes"),
    };

    private T* Own<T>(ReadOnlySpan<T> content)
        where T : unmanaged
    {
        var block = NativeMemory.AlignedAlloc((nuint)Math.Max(1, content.Length * sizeof(T)), 64);
        content.CopyTo(new Span<T>(block, content.Length));
        _owned.Add((nint)block);
        return (T*)block;
    }
}
