using Fovea.Backends.OneDnn.Managed.Common;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Planning;

/// <summary>A step of a kernel of our own in bfloat16 in the making, some of whose operands are read or written in float32.</summary>
/// <param name="step">The step in bfloat16, which has a mixed form.</param>
internal sealed class MixedStep(KernelStep step)
{
    private readonly MixedForm _form = step.Mixed!;
    private readonly Dictionary<Buffer, (Buffer Wide, bool IsKept)> _joined = [];
    private readonly List<Buffer> _reads = [];
    private readonly List<Buffer> _writes = [];
    private readonly List<Slot> _slots = [];

    /// <summary>What it reads as joined so far.</summary>
    internal IReadOnlyList<Buffer> Reads => _reads;

    /// <summary>What it writes as joined so far, copies of operands included.</summary>
    internal IReadOnlyList<Buffer> Writes => _writes;

    internal bool IsJoined(Buffer narrow) => _joined.ContainsKey(narrow.Root);

    /// <summary>Has an operand or a result in float32.</summary>
    /// <param name="narrow">It in bfloat16.</param>
    /// <param name="wide">The same elements in float32.</param>
    /// <param name="isKept">Whether something else reads the one in bfloat16, which this step then writes too.</param>
    internal void Join(Buffer narrow, Buffer wide, bool isKept)
    {
        _joined[narrow.Root] = (wide, isKept);
        _reads.Clear();
        _writes.Clear();
        _slots.Clear();
        foreach (var read in step.Reads) _slots.Add(Read(read));
        foreach (var write in step.Writes) _slots.Add(Write(write));
    }

    internal Step Build()
    {
        var addresses = _slots.Select(slot => slot.IsPlain
            ? ((int?)At(slot.Narrow), default(MixedAddress))
            : (null, new MixedAddress(At(slot.Narrow), At(slot.Wide))));
        return new KernelStep(step.Node, step.What, new MixedKernel(_form.Make(), [.. addresses]), [.. _reads], [.. _writes])
        {
            InPlace = [.. step.InPlace.Concat(_form.InPlace).SelectMany(Shared)],
            IsWidened = step.IsWidened,
        };
    }

    private Slot Read(Buffer buffer)
    {
        if (buffer.Desc.DType != DType.BFloat16) return Slot.Plain(Of(_reads, buffer));
        if (!_joined.TryGetValue(buffer.Root, out var joined)) return new(Of(_reads, buffer), null);
        return new(joined.IsKept ? Of(_writes, buffer) : null, Of(_reads, joined.Wide));
    }

    private Slot Write(Buffer buffer)
    {
        if (!_form.Results || buffer.Desc.DType != DType.BFloat16) return Slot.Plain(Of(_writes, buffer));
        if (!_joined.TryGetValue(buffer.Root, out var joined)) return new(Of(_writes, buffer), null);
        return new(joined.IsKept ? Of(_writes, buffer) : null, Of(_writes, joined.Wide));
    }

    private static Place Of(List<Buffer> list, Buffer buffer)
    {
        if (!list.Contains(buffer)) list.Add(buffer);
        return new(list, list.IndexOf(buffer));
    }

    private int At(Place? place) => place is not { } here ? -1 : here.List == _writes ? _reads.Count + here.Index : here.Index;

    /// <summary>Which copies of an operand and of a result that may share memory are of one type.</summary>
    private IEnumerable<(int Read, int Write)> Shared((int Read, int Write) pair)
    {
        var (read, write) = (_slots[pair.Read], _slots[step.Reads.Count + pair.Write]);
        foreach (var (from, to) in new[] { (read.Narrow, write.Narrow), (read.Wide, write.Wide) })
            if (from is { } source && to is { } target && source.List == _reads) yield return (source.Index, target.Index);
    }

    private readonly record struct Place(List<Buffer> List, int Index);

    private readonly record struct Slot(Place? Narrow, Place? Wide, bool IsPlain = false)
    {
        internal static Slot Plain(Place place) => new(place, null, IsPlain: true);
    }
}
