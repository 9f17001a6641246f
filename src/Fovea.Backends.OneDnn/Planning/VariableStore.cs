using System.Runtime.CompilerServices;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>A variable's memory, in the layout that the first plan that used it chose.</summary>
internal sealed class StoredVariable(Variable variable, MemoryDesc desc, nint pointer)
{
    internal Variable Variable => variable;

    internal MemoryDesc Desc => desc;

    internal nint Pointer => pointer;
}

/// <summary>The variables of a session by name.</summary>
internal sealed unsafe class VariableStore(DnnlApi api, DnnlStream stream) : IDisposable
{
    private const long ChunkBytes = 32L << 20;

    private readonly Dictionary<string, StoredVariable> _byLabel = new(StringComparer.Ordinal);
    private readonly List<string> _labels = [];
    private readonly List<HugeArena> _chunks = [];
    private long _free;

    /// <summary>Seed of the initial values of variables that are added from now on.</summary>
    internal ulong Seed { get; set; }

    /// <summary>Counts changes from outside of plans, and runs that update; plans compare it to know whether what they prepared still holds.</summary>
    internal long Version { get; set; }

    internal IReadOnlyList<string> Labels => _labels;

    /// <summary>The stored variable; a new one gets the given layout and its initial value.</summary>
    /// <exception cref="GraphException">The variable is known with another type.</exception>
    internal StoredVariable GetOrAdd(Variable variable, MemoryDesc layout)
    {
        if (_byLabel.TryGetValue(variable.Label, out var known))
        {
            if (known.Variable.Type != variable.Type)
                throw new GraphException($"'{variable.Label}' is {variable.Type} here; the session has it as {known.Variable.Type}");
            return known;
        }

        var stored = new StoredVariable(variable, layout, Allocate(layout.Bytes));
        _byLabel.Add(variable.Label, stored);
        _labels.Add(variable.Label);
        Initialise(stored);
        return stored;
    }

    internal void Write(string label, HostTensor value)
    {
        var stored = Get(label);
        if (value.Type != stored.Variable.Type) throw new GraphException($"'{label}' is {stored.Variable.Type}; the given value is {value.Type}");
        Version++;
        fixed (byte* bytes = value.Bytes)
        {
            if (stored.Desc.IsPlain) Unsafe.CopyBlock((void*)stored.Pointer, bytes, checked((uint)value.Bytes.Length));
            else Copy(PlainLike(stored), (nint)bytes, stored.Desc, stored.Pointer);
        }
    }

    internal HostTensor Read(string label)
    {
        var stored = Get(label);
        var value = new HostTensor(stored.Variable.Type);
        fixed (byte* bytes = value.Bytes)
        {
            if (stored.Desc.IsPlain) Unsafe.CopyBlock(bytes, (void*)stored.Pointer, checked((uint)value.Bytes.Length));
            else Copy(stored.Desc, stored.Pointer, PlainLike(stored), (nint)bytes);
        }

        return value;
    }

    public void Dispose()
    {
        foreach (var chunk in _chunks) chunk.Dispose();
        _chunks.Clear();
        _byLabel.Clear();
    }

    /// <summary>Zeros are what fresh memory holds, padding included; the rest is written through a reorder.</summary>
    private void Initialise(StoredVariable stored)
    {
        if (stored.Variable.Type.DType == DType.Float32 && stored.Variable.Initial != Initializer.Zeros)
            Write(stored.Variable.Label, stored.Variable.Initial.Make(stored.Variable.Type.Shape, stored.Variable.Label, Seed));
    }

    private StoredVariable Get(string label) =>
        _byLabel.TryGetValue(label, out var stored) ? stored : throw new GraphException($"the session has no variable '{label}'");

    private MemoryDesc PlainLike(StoredVariable stored) => api.Plain(stored.Desc.DType, stored.Desc.Dims);

    private void Copy(MemoryDesc from, nint source, MemoryDesc to, nint target)
    {
        using var desc = api.Reorder(from, to) ?? throw new NativeException($"oneDNN {api.Library.Version} cannot reorder {from} to {to}");
        using var primitive = desc.CreatePrimitive();
        using var src = new Memory(api.Engine, from, source);
        using var dst = new Memory(api.Engine, to, target);
        using var scratchMemory = desc.ScratchpadBytes > 0 ? HugeArena.Allocate(desc.ScratchpadBytes) : null;
        using var scratch = scratchMemory is null ? null : new Memory(api.Engine, desc.Query(DnnlArg.DNNL_ARG_SCRATCHPAD)!, scratchMemory.Pointer);
        using var args = scratch is null
            ? new ExecArgs((DnnlArg.DNNL_ARG_FROM, src), (DnnlArg.DNNL_ARG_TO, dst))
            : new ExecArgs((DnnlArg.DNNL_ARG_FROM, src), (DnnlArg.DNNL_ARG_TO, dst), (DnnlArg.DNNL_ARG_SCRATCHPAD, scratch));
        primitive.Execute(stream, args);
        stream.Wait();
    }

    private nint Allocate(long bytes)
    {
        var size = Math.Max(ArenaPlanner.Alignment, ArenaPlanner.Aligned(bytes));
        if (size > _free)
        {
            _chunks.Add(HugeArena.Allocate(Math.Max(size, ChunkBytes)));
            _free = _chunks[^1].Bytes;
        }

        var chunk = _chunks[^1];
        var pointer = chunk.Pointer + (nint)(chunk.Bytes - _free);
        _free -= size;
        return pointer;
    }
}
