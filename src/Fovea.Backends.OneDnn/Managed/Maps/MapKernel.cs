using System.Runtime.CompilerServices;
using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>Runs a <see cref="MapProgram"/> block by block: operands, intermediate numbers and result of a block stay in the first-level cache.</summary>
internal sealed unsafe class MapKernel : Kernel
{
    private readonly MapTables _tables;
    private readonly MapWork _work;
    private readonly MapJoin? _join;
    private readonly long _elements;

    /// <param name="program">What is computed.</param>
    /// <param name="main">The layout of full operands, and of the result unless it is reduced.</param>
    /// <param name="inputs">The layout of each input, with as many axes as the whole.</param>
    /// <param name="result">The layout of the result, with as many axes as the whole.</param>
    /// <param name="isMixed">Whether what is bfloat16 is given as <see cref="MixedNumbers"/>, unless it is a reduced result.</param>
    internal MapKernel(MapProgram program, MemoryDesc main, IReadOnlyList<MemoryDesc> inputs, MemoryDesc result, bool isMixed = false)
    {
        var reduction = program.Sink.Reduction;
        var grid = new MapGrid(main, reduction is null ? inputs : [.. inputs, result], SeesPadding(program, main, inputs));
        _elements = main.PaddedElements;
        _tables = new MapTables(program, grid, [.. inputs.Select(input => HeldAs(input.DType, isMixed))], isReduced: reduction is not null);
        _work = _tables.Work;
        _work.Numbers = HeldAs(result.DType, isMixed);
        if (reduction is null) _work.WritesThrough &= _work.Numbers == MapNumbers.Float32;
        else _join = new MapJoin(reduction, grid, _tables, result, main.Dims.Elements);
        if (_join is null) return;
        (_work.Sink, _work.IsMax) = (_join.Kind, reduction!.Kind == ReduceKind.Max);
        _work.Partials = _join.Partials;
    }

    internal override string Name => "fovea:map";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var work = _work;
        for (var i = 0; i < work.OperandCount; i++) work.Operands[i].At = at[i];
        work.Y = at[^1];
        _join?.Begin();
        GompTeam.Run((int)Math.Min(work.ChunkCount, Chunks.Parts(_elements)), &Part, (nint)(&work));
        _join?.End(at[^1]);
    }

    internal override void Release()
    {
        _tables.Free();
        _join?.Free();
    }

    private static MapNumbers HeldAs(DType type, bool isMixed) =>
        type != DType.BFloat16 ? MapNumbers.Float32 : isMixed ? MapNumbers.Mixed : MapNumbers.BFloat16;

    private static bool SeesPadding(MapProgram program, MemoryDesc main, IReadOnlyList<MemoryDesc> inputs) =>
        MapGrid.Fits(main) && main.PaddedElements != main.Dims.Elements
        && (program.Sink.Reduction is not null || inputs.Any(input => input.Dims != main.Dims) || !program.KeepsZero(_ => true));

    [SkipLocalsInit]
    private static void Part(int part, int parts, nint address)
    {
        var work = (MapWork*)address;
        var registers = stackalloc float[(work->Slots * (MapWork.Block + 16)) + 16];
        registers = (float*)(((nint)registers + 63) & ~63);
        var slots = stackalloc float*[work->Slots];
        for (var c = (int)((long)work->ChunkCount * part / parts); c < (int)((long)work->ChunkCount * (part + 1) / parts); c++)
            Compute(in *work, in work->Chunks[c], registers, slots);
    }

    private static void Compute(in MapWork work, in MapChunk chunk, float* registers, float** slots)
    {
        for (var s = 0; s < work.Slots; s++) slots[s] = registers + (s * (MapWork.Block + 16));
        var rows = work.Lanes <= MapWork.Block ? Math.Min(chunk.Rows, Math.Max(1, MapWork.Block / work.Lanes)) : 1;
        var lanes = Math.Min(chunk.Lanes, MapWork.Block);
        LayOut(in work, in chunk, slots, lanes, rows);
        var valid = work.ValidLanes(chunk.Outer);
        for (var lane = chunk.FirstLane; lane < chunk.FirstLane + chunk.Lanes; lane += lanes)
            for (var row = chunk.FirstRow; row < chunk.FirstRow + chunk.Rows; row += rows)
            {
                var (w, h) = (Math.Min(lanes, chunk.FirstLane + chunk.Lanes - lane), Math.Min(rows, chunk.FirstRow + chunk.Rows - row));
                Block(in work, in chunk, slots, row, lane, h, w, Math.Clamp(valid - lane, 0, w));
            }
    }

    /// <summary>Brings what stays the same throughout a chunk into its slots.</summary>
    private static void LayOut(in MapWork work, in MapChunk chunk, float** slots, int lanes, int rows)
    {
        for (var i = 0; i < work.OperandCount; i++)
        {
            ref var operand = ref work.Operands[i];
            if (operand.Access == MapAccess.Tile) MapBlocks.Tile(operand, operand.Start(chunk.Outer), slots[operand.Slot], lanes, rows);
            else if (operand.Access == MapAccess.Fill) MapBlocks.Fill(operand, operand.Start(chunk.Outer), slots[operand.Slot], lanes * rows);
        }
    }

    private static void Block(in MapWork work, in MapChunk chunk, float** slots, int row, int lane, int rows, int lanes, int valid)
    {
        var n = rows * lanes;
        for (var i = 0; i < work.OperandCount; i++)
        {
            ref var operand = ref work.Operands[i];
            var at = operand.Start(chunk.Outer) + (row * operand.Row);
            if (operand.Access == MapAccess.Rows) MapBlocks.FillRows(operand, at, slots[operand.Slot], lanes, rows);
            if (operand.Access != MapAccess.Direct) continue;
            if (operand.Numbers != MapNumbers.Float32) MapBlocks.Widen(operand, at + lane, slots[operand.Slot], n);
            else slots[operand.Slot] = (float*)operand.At + at + lane;
        }

        var to = (((chunk.Outer * work.Rows) + row) * work.Lanes) + lane;
        var through = work.WritesThrough && valid == lanes;
        for (var i = 0; i < work.InstructionCount; i++)
        {
            ref var instruction = ref work.Instructions[i];
            var y = through && i == work.InstructionCount - 1 ? (float*)work.Y + to : slots[instruction.Y];
            instruction.Function.Run(slots[instruction.A], slots[instruction.B], y, n);
        }

        if (through) return;
        if (work.Sink != MapSinkKind.Store)
        {
            MapSums.Add(in work, in chunk, slots[work.SinkSlot], row, lane, rows, lanes, valid);
            return;
        }

        if (valid < lanes) MapBlocks.ClearPadding(slots[work.SinkSlot], lanes, rows, valid);
        MapBlocks.Store(slots[work.SinkSlot], work.Y, to, n, work.Numbers);
    }
}
