using System.Diagnostics;
using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Fusion;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>A map's tables: operands, instructions and chunks, in memory that threads reach through pointers.</summary>
internal sealed unsafe class MapTables
{
    private const int ChunkElements = 32 * 1024;

    private readonly List<nint> _owned = [];
    private readonly List<MapChunk> _chunks = [];
    private readonly MapGrid _grid;
    private MapWork _work;

    internal MapTables(MapProgram program, MapGrid grid, MapNumbers[] types, bool isReduced)
    {
        _grid = grid;
        _work.OperandCount = types.Length;
        _work.Operands = Own<MapOperand>([.. types.Select((numbers, i) => Operand(grid.Operands[i], numbers, i))]);
        var instructions = Instructions(program, out _work.Slots);
        _work.Instructions = Own<MapInstruction>(instructions);
        _work.InstructionCount = instructions.Length;
        (_work.Rows, _work.Lanes) = (grid.Rows, grid.Lanes);
        _work.SinkSlot = program.Sink.Register < types.Length ? program.Sink.Register : instructions[program.Sink.Register - types.Length].Y;
        _work.WritesThrough = !isReduced && program.Sink.Register == types.Length + instructions.Length - 1;
        if (grid.Valid is not null) _work.Valid = Own<int>(grid.Valid);
        Cut();
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
    private void Cut()
    {
        var lanes = _grid.Lanes <= MapWork.Block ? _grid.Lanes : _grid.Rows == 1 ? ChunkElements : MapWork.Block;
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

    /// <summary>Terms take slots behind those of the operands; a slot whose number is read for the last time is free again.</summary>
    private static MapInstruction[] Instructions(MapProgram program, out int slots)
    {
        var inputs = program.Inputs;
        var last = new int[inputs + program.Terms.Length];
        for (var i = 0; i < program.Terms.Length; i++) (last[program.Terms[i].A], last[program.Terms[i].B]) = (i, i);
        last[program.Sink.Register] = int.MaxValue;
        var slotOf = Enumerable.Range(0, last.Length).ToArray();
        var free = new Stack<int>();
        var instructions = new MapInstruction[program.Terms.Length];
        slots = inputs;
        for (var i = 0; i < instructions.Length; i++)
        {
            var term = program.Terms[i];
            foreach (var register in new[] { term.A, term.B }.Distinct())
                if (register >= inputs && last[register] == i) free.Push(slotOf[register]);
            slotOf[inputs + i] = free.TryPop(out var slot) ? slot : slots++;
            instructions[i] = new() { Function = BlockFunction.Of(term.Op), A = slotOf[term.A], B = slotOf[term.B], Y = slotOf[inputs + i] };
        }

        return instructions;
    }

    private T* Own<T>(ReadOnlySpan<T> content)
        where T : unmanaged
    {
        var block = NativeMemory.AlignedAlloc((nuint)Math.Max(1, content.Length * sizeof(T)), 64);
        content.CopyTo(new Span<T>(block, content.Length));
        _owned.Add((nint)block);
        return (T*)block;
    }
}
