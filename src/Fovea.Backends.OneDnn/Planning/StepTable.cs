namespace Fovea.Backends.OneDnn.Planning;

/// <summary>Which steps read and write the memory of each buffer, and how much is alive at each step; kept up to date while steps change.</summary>
internal sealed class StepTable
{
    private readonly Dictionary<Buffer, (SortedSet<int> Reads, SortedSet<int> Writes)> _touches = [];
    private readonly (IReadOnlyList<Buffer> Reads, IReadOnlyList<Buffer> Writes)[] _steps;
    private readonly long[] _alive;

    internal StepTable(IReadOnlyList<Step> steps)
    {
        (_steps, _alive) = (new (IReadOnlyList<Buffer>, IReadOnlyList<Buffer>)[steps.Count], new long[steps.Count]);
        Array.Fill(_steps, ([], []));
        for (var i = 0; i < steps.Count; i++) Add(i, steps[i].Reads, steps[i].Writes);
        foreach (var root in _touches.Keys) Count(root, 1);
        Most = steps.Select((step, i) => _alive[i] - Shared(step, i)).DefaultIfEmpty().Max();
    }

    /// <summary>The bytes that were alive at the fullest step before any changed.</summary>
    internal long Most { get; }

    /// <summary>The steps that read the memory of a buffer, in order.</summary>
    internal IReadOnlyCollection<int> Readers(Buffer buffer) => _touches[buffer.Root].Reads;

    /// <summary>The step that alone writes the memory of a buffer, or −1.</summary>
    internal int Writer(Buffer buffer) => _touches[buffer.Root].Writes is { Count: 1 } writes ? writes.Min : -1;

    /// <summary>Whether a step after one and before another writes the memory of a buffer.</summary>
    internal bool IsWritten(Buffer buffer, int after, int before) => _touches[buffer.Root].Writes.GetViewBetween(after + 1, before).Any(step => step < before);

    /// <summary>Whether a buffer can be alive from one step to another without more being alive than at the fullest.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="from">The first step.</param>
    /// <param name="to">The last step.</param>
    /// <param name="instead">A buffer that is gone then; or null.</param>
    internal bool Fits(Buffer buffer, int from, int to, Buffer? instead)
    {
        if (buffer.Kind != BufferKind.Arena) return true;
        var (first, last) = Life(buffer.Root);
        var more = buffer.Root.Bytes - (instead?.Root.Bytes ?? 0);
        for (var i = from; i <= to; i++)
            if ((i < first || i > last) && _alive[i] + more > Most) return false;
        return true;
    }

    /// <summary>Changes what a step touches.</summary>
    internal void Change(int step, IReadOnlyList<Buffer> reads, IReadOnlyList<Buffer> writes)
    {
        var old = _steps[step];
        HashSet<Buffer> roots = [.. old.Reads.Concat(old.Writes).Concat(reads).Concat(writes).Select(buffer => buffer.Root)];
        foreach (var root in roots) Count(root, -1);
        foreach (var read in old.Reads) _touches[read.Root].Reads.Remove(step);
        foreach (var write in old.Writes) _touches[write.Root].Writes.Remove(step);
        Add(step, reads, writes);
        foreach (var root in roots) Count(root, 1);
    }

    private void Add(int step, IReadOnlyList<Buffer> reads, IReadOnlyList<Buffer> writes)
    {
        _steps[step] = ([.. reads], [.. writes]);
        foreach (var read in reads) Of(read).Reads.Add(step);
        foreach (var write in writes) Of(write).Writes.Add(step);
    }

    private (SortedSet<int> Reads, SortedSet<int> Writes) Of(Buffer buffer) =>
        _touches.TryGetValue(buffer.Root, out var touches) ? touches : _touches[buffer.Root] = ([], []);

    private void Count(Buffer root, int sign)
    {
        if (root.Kind != BufferKind.Arena || !_touches.ContainsKey(root)) return;
        var (first, last) = Life(root);
        for (var i = first; i <= last; i++) _alive[i] += sign * root.Bytes;
    }

    /// <summary>The bytes of results that take the place of operands; counted from below.</summary>
    private long Shared(Step step, int i)
    {
        var (bytes, taken) = (0L, new HashSet<Buffer>());
        foreach (var (read, write) in step.InPlace)
        {
            var (from, to) = (step.Reads[read].Root, step.Writes[write].Root);
            if (from.Kind != BufferKind.Arena || to.Kind != BufferKind.Arena || from.Bytes != to.Bytes || from == to) continue;
            if (Life(from).Last == i && Life(to).First == i && taken.Add(from) && taken.Add(to)) bytes += to.Bytes;
        }

        return bytes;
    }

    /// <summary>The first and last step that touch a root; of one that none does, nothing.</summary>
    private (int First, int Last) Life(Buffer root)
    {
        var (reads, writes) = _touches[root];
        if (reads.Count + writes.Count == 0) return (0, -1);
        return (Math.Min(reads.Count > 0 ? reads.Min : int.MaxValue, writes.Count > 0 ? writes.Min : int.MaxValue), Math.Max(reads.Max, writes.Max));
    }
}
