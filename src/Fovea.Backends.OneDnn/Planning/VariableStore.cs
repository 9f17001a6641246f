using System.Runtime.CompilerServices;
using Fovea.Backends.OneDnn.Interop;
using Fovea.Execution;
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
/// <remarks>
/// Safe for use from several threads: whoever reads values does so between <see cref="Enter"/> and <see cref="Exit"/>, side by side with
/// others that read; whoever changes values is alone. New variables, which no plan that runs knows, may come at any time.
/// </remarks>
internal sealed unsafe class VariableStore(DnnlApi api) : IDisposable
{
    private const long ChunkBytes = 32L << 20;

    private readonly Dictionary<string, StoredVariable> _byLabel = new(StringComparer.Ordinal);
    private readonly List<string> _labels = [];
    private readonly List<HugeArena> _chunks = [];
    private readonly ReaderWriterLockSlim _values = new();
    private readonly Lock _names = new();
    private readonly Lock _adding = new();
    private long _free;
    private long _version;
    private ulong _seed;
    private bool _isDisposed;

    /// <summary>Counts changes from outside of plans, and runs that update; plans compare it to know whether what they prepared still holds.</summary>
    internal long Version => Interlocked.Read(ref _version);

    internal IReadOnlyList<string> Labels
    {
        get
        {
            lock (_names) return [.. _labels];
        }
    }

    /// <summary>Waits until values may be read or, alone, changed.</summary>
    /// <exception cref="ObjectDisposedException">The session was disposed of.</exception>
    internal void Enter(bool toChange)
    {
        if (toChange) _values.EnterWriteLock();
        else _values.EnterReadLock();
        if (!_isDisposed) return;
        Exit(toChange);
        throw new ObjectDisposedException(typeof(ISession).FullName);
    }

    internal void Exit(bool toChange)
    {
        if (toChange) _values.ExitWriteLock();
        else _values.ExitReadLock();
    }

    /// <summary>Counts a change, and returns the new <see cref="Version"/>.</summary>
    internal long Changed() => Interlocked.Increment(ref _version);

    /// <summary>
    /// Compiles a graph. Its variables that are new start as their initializers say under <paramref name="seed"/>; the plan chooses their layouts.
    /// </summary>
    internal PlanBuilder Compile(Graph graph, ulong seed, Func<PlanBuilder> lower)
    {
        var variables = graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind != VariableKind.Input).ToList();
        if (KnowsAll(variables)) return Added(lower(), variables);
        lock (_adding)
        {
            _seed = seed;
            return Added(lower(), variables);
        }
    }

    /// <summary>The stored variable; a new one gets the given layout and its initial value.</summary>
    /// <exception cref="GraphException">The variable is known with another type.</exception>
    internal StoredVariable GetOrAdd(Variable variable, MemoryDesc layout)
    {
        lock (_names)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(ISession));
            if (_byLabel.TryGetValue(variable.Label, out var known))
            {
                if (known.Variable.Type != variable.Type)
                    throw new GraphException($"'{variable.Label}' is {variable.Type} here; the session has it as {known.Variable.Type}");
                return known;
            }

            var stored = new StoredVariable(variable, layout, Allocate(layout.Bytes));
            Initialise(stored);
            _byLabel.Add(variable.Label, stored);
            _labels.Add(variable.Label);
            return stored;
        }
    }

    internal void Write(string label, HostTensor value)
    {
        var stored = Get(label);
        if (value.Type != stored.Variable.Type) throw new GraphException($"'{label}' is {stored.Variable.Type}; the given value is {value.Type}");
        Enter(toChange: true);
        try
        {
            Changed();
            Fill(stored, value);
        }
        finally
        {
            Exit(toChange: true);
        }
    }

    internal HostTensor Read(string label)
    {
        var stored = Get(label);
        var value = new HostTensor(stored.Variable.Type);
        Enter(toChange: false);
        try
        {
            fixed (byte* bytes = value.Bytes)
            {
                if (stored.Desc.IsPlain) Unsafe.CopyBlock(bytes, (void*)stored.Pointer, checked((uint)value.Bytes.Length));
                else Copy(stored.Desc, stored.Pointer, PlainLike(stored), (nint)bytes);
            }
        }
        finally
        {
            Exit(toChange: false);
        }

        return value;
    }

    public void Dispose()
    {
        _values.EnterWriteLock();
        try
        {
            lock (_names)
            {
                _isDisposed = true;
                foreach (var chunk in _chunks) chunk.Dispose();
                _chunks.Clear();
                _byLabel.Clear();
            }
        }
        finally
        {
            _values.ExitWriteLock();
        }
    }

    /// <summary>A plan, once the store knows the variables that it does not use as well.</summary>
    private PlanBuilder Added(PlanBuilder plan, List<Variable> variables)
    {
        foreach (var variable in variables) GetOrAdd(variable, api.Plain(variable.Type.DType, Layouts.Logical(variable.Type.Shape)));
        return plan;
    }

    private bool KnowsAll(List<Variable> variables)
    {
        lock (_names) return variables.TrueForAll(variable => _byLabel.ContainsKey(variable.Label));
    }

    /// <summary>Zeros are what fresh memory holds, padding included; the rest is written through a reorder.</summary>
    private void Initialise(StoredVariable stored)
    {
        if (stored.Variable.Type.DType == DType.Float32 && stored.Variable.Initial != Initializer.Zeros)
            Fill(stored, stored.Variable.Initial.Make(stored.Variable.Type.Shape, stored.Variable.Label, _seed));
    }

    private void Fill(StoredVariable stored, HostTensor value)
    {
        fixed (byte* bytes = value.Bytes)
        {
            if (stored.Desc.IsPlain) Unsafe.CopyBlock((void*)stored.Pointer, bytes, checked((uint)value.Bytes.Length));
            else Copy(PlainLike(stored), (nint)bytes, stored.Desc, stored.Pointer);
        }
    }

    private StoredVariable Get(string label)
    {
        lock (_names)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(ISession));
            return _byLabel.TryGetValue(label, out var stored) ? stored : throw new GraphException($"the session has no variable '{label}'");
        }
    }

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
        using var stream = api.CreateStream();
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
