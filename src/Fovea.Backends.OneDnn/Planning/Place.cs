using Fovea.Graphs;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>
/// Where a value lives: in memory of its own or of another, as it lies there; or, while nobody has read it, in the value of which it is a conversion.
/// </summary>
internal sealed class Place
{
    internal Place(Buffer memory) => Memory = memory;

    internal Place(Value source) => Source = source;

    /// <summary>The memory, seen as the value lies in it; null of a conversion, which joins the copies that its readers want.</summary>
    internal Buffer? Memory { get; private set; }

    /// <summary>What the value is a conversion of, where it has no memory.</summary>
    internal Value? Source { get; private set; }

    /// <summary>The value in other layouts and element types.</summary>
    internal List<Buffer> Copies { get; } = [];

    /// <summary>Whether any kernel reads the memory: it is the value's own, or lies as values of their own do.</summary>
    internal bool IsDirect => Memory is { } memory && (memory.Root == memory || (IsCompact(memory.Desc) && memory.ByteOffset % ArenaPlanner.Alignment == 0));

    /// <summary>Says that the value lives in other memory from now on.</summary>
    internal void Move(Buffer memory) => (Memory, Source) = (memory, null);

    private static bool IsCompact(Interop.MemoryDesc desc) =>
        desc.IsPlain || desc.IsChannelsLast || (desc.IsBlocked && desc.Layout is { InnerBlocks.Length: > 0, IsDense: true, Offset: 0 });
}
