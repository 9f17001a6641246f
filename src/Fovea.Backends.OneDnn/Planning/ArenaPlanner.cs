namespace Fovea.Backends.OneDnn.Planning;

/// <summary>Places buffers that live at different times over each other: the largest first, each at the lowest gap that is free throughout its life.</summary>
internal static class ArenaPlanner
{
    internal const int Alignment = 64;

    /// <summary>Sets <see cref="Buffer.Offset"/> of every root and returns the size of the arena.</summary>
    /// <param name="roots">Arena roots with their lives.</param>
    /// <param name="share">False gives each buffer a place of its own.</param>
    /// <param name="guard">Bytes kept free around each buffer; a multiple of <see cref="Alignment"/>.</param>
    internal static long Place(IEnumerable<Buffer> roots, bool share = true, int guard = 0)
    {
        var placed = new List<Buffer>();
        var size = 0L;
        foreach (var buffer in roots.OrderByDescending(root => root.Bytes).ThenBy(root => root.Id))
        {
            var bytes = Aligned(buffer.Bytes) + (2L * guard);
            buffer.Offset = (share ? LowestGap(placed, buffer, bytes, guard) : size) + guard;
            size = Math.Max(size, buffer.Offset - guard + bytes);
            if (!share) continue;
            var at = placed.FindIndex(other => other.Offset > buffer.Offset);
            placed.Insert(at < 0 ? placed.Count : at, buffer);
        }

        return size;
    }

    internal static long Aligned(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    /// <summary>The lowest offset at which no buffer that lives at the same time lies; <paramref name="placed"/> is ordered by offset.</summary>
    private static long LowestGap(List<Buffer> placed, Buffer buffer, long bytes, int guard)
    {
        var end = 0L;
        foreach (var other in placed)
        {
            if (other.Last < buffer.First || other.First > buffer.Last) continue;
            if (other.Offset - guard - end >= bytes) break;
            end = Math.Max(end, other.Offset + Aligned(other.Bytes) + guard);
        }

        return end;
    }
}
