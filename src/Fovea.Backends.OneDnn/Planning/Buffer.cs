using Fovea.Backends.OneDnn.Interop;
using Fovea.Graphs;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>Where a buffer's memory comes from.</summary>
internal enum BufferKind
{
    /// <summary>Shared over time with buffers that live before and after it.</summary>
    Arena,

    /// <summary>Of its own for as long as the plan lives: inputs, outputs, constants, and what is computed from constants alone.</summary>
    Kept,

    /// <summary>The session's: a variable.</summary>
    Variable,
}

/// <summary>A place in memory that a plan reads or writes.</summary>
internal sealed class Buffer
{
    private Memory? _memory;

    internal Buffer(int id, BufferKind kind, MemoryDesc desc, bool isConstant)
    {
        (Id, Kind, Desc, IsConstant) = (id, kind, desc, isConstant);
        Root = this;
    }

    /// <summary>The memory of a variable.</summary>
    internal Buffer(int id, StoredVariable variable, bool isConstant)
        : this(id, BufferKind.Variable, variable.Desc, isConstant) => Variable = variable;

    /// <summary>A view: the memory of another buffer under another descriptor.</summary>
    internal Buffer(int id, Buffer of, MemoryDesc desc, long byteOffset = 0)
    {
        (Id, Kind, Desc, IsConstant, ByteOffset) = (id, of.Kind, desc, of.IsConstant, of.ByteOffset + byteOffset);
        Root = of.Root;
    }

    internal int Id { get; }

    internal BufferKind Kind { get; }

    internal MemoryDesc Desc { get; }

    /// <summary>Of a view: where it begins in the memory of its root.</summary>
    internal long ByteOffset { get; }

    /// <summary>The variable whose memory this is, or null.</summary>
    internal StoredVariable? Variable { get; }

    /// <summary>Whether it changes only when variables are written from outside.</summary>
    internal bool IsConstant { get; }

    /// <summary>The buffer whose memory this is: itself, or what it is a view of, or what it replaces in place.</summary>
    internal Buffer Root { get; private set; }

    /// <summary>Of a root: the values that live in its memory, or of which it holds a copy.</summary>
    internal HashSet<Value> Tenants { get; } = [];

    /// <summary>The bytes that the descriptor takes.</summary>
    internal long Bytes => Desc.Bytes;

    /// <summary>Of a root: the first main step that touches it; -1 before any does.</summary>
    internal int First { get; set; } = -1;

    /// <summary>Of a root: the last main step that touches it.</summary>
    internal int Last { get; set; } = -1;

    /// <summary>Of an arena root: the place in the arena.</summary>
    internal long Offset { get; set; }

    /// <summary>The address, once the plan is placed.</summary>
    internal nint Pointer { get; set; }

    /// <summary>The native view of this buffer; made at the first call after placing.</summary>
    internal Memory Memory(DnnlApi api) => _memory ??= new Memory(api.Engine, Desc, Pointer);

    /// <summary>Takes over the memory of <paramref name="other"/>, whose content is no longer needed.</summary>
    internal void Replace(Buffer other) => Root = other.Root;

    /// <summary>Follows replaced roots to the one that has memory.</summary>
    internal Buffer Resolve()
    {
        while (Root != Root.Root) Root = Root.Root;
        return Root;
    }

    internal void Release() => _memory?.Dispose();
}
