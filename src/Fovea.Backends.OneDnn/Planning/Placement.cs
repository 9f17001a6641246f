using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Execution;
using Fovea.Graphs;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>Gives every buffer of a plan its address, binds the steps, and owns the memory.</summary>
internal sealed unsafe class Placement : IDisposable
{
    private const int CanaryBytes = 256;
    private const byte Canary = 0xA5;

    private readonly PlanBuilder _plan;
    private readonly HugeArena? _arena;
    private readonly HugeArena? _kept;
    private readonly HugeArena? _scratch;
    private readonly Memory? _scratchMemory;
    private readonly Dictionary<Buffer, PinnedBytes> _open = [];
    private readonly bool _guard;

    internal Placement(PlanBuilder plan, bool guard)
    {
        (_plan, _guard) = (plan, guard);
        var roots = plan.Buffers.Where(buffer => buffer.Root == buffer).ToList();
        var arena = roots.Where(root => root.Kind == BufferKind.Arena && root.First >= 0).ToList();
        var kept = roots.Where(root => root.Kind == BufferKind.Kept && root.IsConstant).ToList();
        var open = roots.Where(root => root.Kind == BufferKind.Kept && !root.IsConstant).ToList();
        ArenaBytes = ArenaPlanner.Place(arena, share: !guard, guard ? CanaryBytes : 0);
        var constantBytes = ArenaPlanner.Place(kept, share: false, guard ? CanaryBytes : 0);
        KeptBytes = constantBytes + open.Sum(root => root.Bytes);
        var most = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (ArenaBytes + KeptBytes > most)
            throw new GraphException(
                $"a plan of the graph '{plan.Graph.Name}' takes {ArenaBytes + KeptBytes} bytes; there are {most} (a smaller batch or image takes less)");
        foreach (var root in open) _open.Add(root, Open(root, guard));
        _arena = Allocate(ArenaBytes, guard);
        _kept = Allocate(constantBytes, guard);
        Locate(arena, kept);
        foreach (var (buffer, content) in plan.Constants) content.Bytes.CopyTo(new Span<byte>((void*)buffer.Pointer, content.Bytes.Length));
        var scratch = plan.Prologue.Concat(plan.Main).Select(step => step.ScratchBytes).DefaultIfEmpty().Max();
        if (scratch > 0)
        {
            _scratch = HugeArena.Allocate(scratch);
            _scratchMemory = new Memory(plan.Api.Engine, plan.Api.Plain(Tensors.DType.UInt8, Tensors.Shape.Of(scratch)), _scratch.Pointer);
        }

        ArenaBytes += scratch;
        foreach (var step in plan.Prologue.Concat(plan.Main)) step.Bind(plan.Api, _scratchMemory);
    }

    /// <summary>The memory that steps share over time, scratch memory included.</summary>
    internal long ArenaBytes { get; }

    /// <summary>The memory of inputs, outputs and constants.</summary>
    internal long KeptBytes { get; }

    /// <summary>The memory of an input or output, which callers may hold longer than the plan lives.</summary>
    internal Span<byte> Open(Buffer buffer) => _open[buffer.Root].Span;

    /// <summary>Throws if a step has written outside of its buffers.</summary>
    /// <exception cref="NativeException">A canary is gone.</exception>
    internal static void CheckCanaries(Step step)
    {
        foreach (var buffer in step.Reads.Concat(step.Writes))
        {
            if (buffer.Root.Kind == BufferKind.Variable) continue;
            var root = buffer.Root;
            var before = new ReadOnlySpan<byte>((void*)(root.Pointer - CanaryBytes), CanaryBytes);
            var after = new ReadOnlySpan<byte>((void*)(root.Pointer + (nint)root.Bytes), CanaryBytes);
            if (before.ContainsAnyExcept(Canary) || after.ContainsAnyExcept(Canary))
                throw new NativeException($"{step.Node}: {step.What} ({step.Implementation}) wrote outside of {root.Desc}");
        }
    }

    public void Dispose()
    {
        foreach (var buffer in _plan.Buffers) buffer.Release();
        _scratchMemory?.Dispose();
        _scratch?.Dispose();
        _arena?.Dispose();
        _kept?.Dispose();
    }

    private void Locate(List<Buffer> arena, List<Buffer> kept)
    {
        foreach (var root in arena) root.Pointer = _arena!.Pointer + (nint)root.Offset;
        foreach (var root in kept) root.Pointer = _kept!.Pointer + (nint)root.Offset;
        foreach (var (root, memory) in _open) root.Pointer = memory.Pointer;
        foreach (var buffer in _plan.Buffers)
        {
            if (buffer.Root.Kind == BufferKind.Variable) buffer.Root.Pointer = buffer.Root.Variable!.Pointer;
            buffer.Pointer = buffer.Root.Pointer + (nint)buffer.ByteOffset;
        }

        if (!_guard) return;
        foreach (var root in arena.Concat(kept)) NativeMemory.Clear((void*)root.Pointer, (nuint)root.Bytes);
    }

    private static PinnedBytes Open(Buffer root, bool guard)
    {
        var memory = new PinnedBytes(root.Bytes, guard ? CanaryBytes : 0);
        if (!guard) return memory;
        memory.Whole.Fill(Canary);
        memory.Span.Clear();
        return memory;
    }

    private static HugeArena? Allocate(long bytes, bool guard)
    {
        if (bytes == 0) return null;
        var arena = HugeArena.Allocate(bytes);
        if (guard) NativeMemory.Fill((void*)arena.Pointer, (nuint)arena.Bytes, Canary);
        return arena;
    }
}
