using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Fovea.Backends.OneDnn.Fusion;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Managed.Maps;

/// <summary>Runs a <see cref="MapProgram"/> block by block: operands, intermediate numbers and results of a block stay in the first-level cache.</summary>
internal sealed unsafe class MapKernel : Kernel
{
    private readonly MapTables _tables;
    private readonly MapWork _work;
    private readonly MapJoin? _join;
    private readonly long _elements;

    /// <param name="program">What is computed.</param>
    /// <param name="main">The layout of full operands, and of results unless they are reduced.</param>
    /// <param name="inputs">The layout of each input, with as many axes as the whole.</param>
    /// <param name="results">The layout of each result, with as many axes as the whole.</param>
    /// <param name="overlays">For each result, the inputs whose memory it may take; null where that may be any.</param>
    /// <param name="isMixed">Whether what is bfloat16 is given as <see cref="MixedNumbers"/>, unless it is a reduced result.</param>
    internal MapKernel(
        MapProgram program, MemoryDesc main, IReadOnlyList<MemoryDesc> inputs, IReadOnlyList<MemoryDesc> results, IReadOnlyList<int[]>? overlays = null,
        bool isMixed = false)
    {
        var reduction = program.Reduction;
        var grid = new MapGrid(main, reduction is null ? inputs : [.. inputs, results[0]], SeesPadding(program, main, inputs));
        _elements = main.PaddedElements;
        overlays ??= [.. results.Select(_ => Enumerable.Range(0, inputs.Count).ToArray())];
        _tables = new MapTables(program, grid, [.. inputs.Select(Held)], [.. results.Select(Held)], overlays);
        _work = _tables.Work;
        if (reduction is not null) _join = new MapJoin(reduction, grid, _tables, results[0], main.Dims.Elements);
        if (_join is null) return;
        (_work.Sink, _work.IsMax) = (_join.Kind, reduction!.Kind == ReduceKind.Max);
        _work.Partials = _join.Partials;

        MapNumbers Held(MemoryDesc desc) => desc.DType != DType.BFloat16 ? MapNumbers.Float32 : isMixed ? MapNumbers.Mixed : MapNumbers.BFloat16;
    }

    internal override string Name => "fovea:map";

    internal override void Run(ReadOnlySpan<nint> at)
    {
        var work = _work;
        for (var i = 0; i < work.OperandCount; i++) work.Operands[i].At = at[i];
        for (var i = 0; i < work.ResultCount; i++) work.Results[i].At = at[work.OperandCount + i];
        _join?.Begin();
        GompTeam.Run((int)Math.Min(work.ChunkCount, Chunks.Parts(_elements)), &Part, (nint)(&work));
        _join?.End(at[^1]);
    }

    internal override void Release()
    {
        _tables.Free();
        _join?.Free();
    }

    private static bool SeesPadding(MapProgram program, MemoryDesc main, IReadOnlyList<MemoryDesc> inputs) =>
        MapGrid.Fits(main) && main.PaddedElements != main.Dims.Elements
        && (program.Reduction is not null || inputs.Any(input => input.Dims != main.Dims) || !program.KeepsZero(_ => true));

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
        for (var s = 0; s < work.Slots; s++) slots[s] = Slot(registers, s);
        var rows = work.Lanes <= MapWork.Block ? Math.Min(chunk.Rows, Math.Max(1, MapWork.Block / work.Lanes)) : 1;
        var lanes = Math.Min(chunk.Lanes, MapWork.Block);
        LayOut(in work, in chunk, slots, lanes, rows);
        var valid = work.ValidLanes(chunk.Outer);
        for (var lane = chunk.FirstLane; lane < chunk.FirstLane + chunk.Lanes; lane += lanes)
            for (var row = chunk.FirstRow; row < chunk.FirstRow + chunk.Rows; row += rows)
            {
                var (w, h) = (Math.Min(lanes, chunk.FirstLane + chunk.Lanes - lane), Math.Min(rows, chunk.FirstRow + chunk.Rows - row));
                var whole = Math.Clamp(valid - lane, 0, w);
                Load(in work, in chunk, slots, row, lane, h, w);
                var to = (((chunk.Outer * work.Rows) + row) * work.Lanes) + lane;
                for (var i = 0; i < work.InstructionCount; i++)
                {
                    if (work.Prefetches) Prefetch(in work, i, to + (h * w));
                    ref var instruction = ref work.Instructions[i];
                    if (instruction.Result >= 0)
                        slots[instruction.Y] = whole == w ? (float*)work.Results[instruction.Result].At + to : Slot(registers, instruction.Y);
                    instruction.Function.Run(
                        slots[instruction.A], slots[instruction.B], slots[instruction.Y], h * w, instruction.MaskA, instruction.MaskB);
                }

                if (work.Sink == MapSinkKind.Store) Store(in work, slots, to, h, w, whole);
                else MapSums.Add(in work, in chunk, slots[work.Results[0].Slot], row, lane, h, w, whole);
            }
    }

    private static float* Slot(float* registers, int slot) => registers + (slot * (MapWork.Block + 16));

    /// <summary>Brings what stays the same throughout a chunk into its slots.</summary>
    private static void LayOut(in MapWork work, in MapChunk chunk, float** slots, int lanes, int rows)
    {
        for (var i = 0; i < work.OperandCount; i++)
        {
            ref var operand = ref work.Operands[i];
            if (operand.Access == MapAccess.Tile) MapBlocks.Tile(operand, operand.Start(chunk.Outer), slots[operand.Slot], lanes, rows);
            else if (operand.Access == MapAccess.Fill) MapBlocks.Fill(operand, operand.Start(chunk.Outer), slots[operand.Slot]);
        }
    }

    private static void Load(in MapWork work, in MapChunk chunk, float** slots, int row, int lane, int rows, int lanes)
    {
        for (var i = 0; i < work.OperandCount; i++)
        {
            ref var operand = ref work.Operands[i];
            var at = operand.Start(chunk.Outer) + (row * operand.Row);
            if (operand.Access == MapAccess.Rows) MapBlocks.FillRows(operand, at, slots[operand.Slot], lanes, rows);
            if (operand.Access != MapAccess.Direct) continue;
            if (operand.Numbers != MapNumbers.Float32) MapBlocks.Widen(operand, at + lane, slots[operand.Slot], rows * lanes);
            else slots[operand.Slot] = (float*)operand.At + at + lane;
        }
    }

    private static void Store(in MapWork work, float** slots, long to, int rows, int lanes, int valid)
    {
        for (var i = 0; i < work.ResultCount; i++)
        {
            ref var result = ref work.Results[i];
            if (result.IsWritten && valid == lanes) continue;
            if (valid < lanes) MapBlocks.ClearPadding(slots[result.Slot], lanes, rows, valid);
            MapBlocks.Store(slots[result.Slot], result.At, to, rows * lanes, result.Numbers);
        }
    }

    /// <summary>
    /// Fetches, before one of the instructions of a block, its share of the operands of the next: memory is read all the time, also while numbers in the
    /// first-level cache are computed with.
    /// </summary>
    private static void Prefetch(in MapWork work, int instruction, long next)
    {
        if (!Sse.IsSupported) return;
        const int line = 64 / sizeof(float);
        const int lines = MapWork.Block / line;
        var (first, end) = (lines * instruction / work.InstructionCount, lines * (instruction + 1) / work.InstructionCount);
        for (var i = 0; i < work.OperandCount; i++)
        {
            ref var operand = ref work.Operands[i];
            if (operand.Access != MapAccess.Direct || operand.Numbers != MapNumbers.Float32) continue;
            for (var l = first; l < end; l++) Sse.Prefetch0((float*)operand.At + next + (l * line));
        }
    }
}
