using Fovea.Formats.Storage;
using Fovea.Tensors;

namespace Fovea.Formats.PyTorch;

/// <summary>Makes dense tensors of the strided views in an archive, storage by storage.</summary>
internal sealed class TensorReader(InputFile file, PyTorchArchive archive)
{
    /// <summary>Views may share elements or repeat them; beyond this many times the file's size it is no weight file.</summary>
    private const int MostCopies = 16;

    private const int Slack = 1 << 20;

    /// <summary>The tensors in the given order.</summary>
    internal HostTensor[] Read(IReadOnlyList<(string Name, PickleTensor Tensor)> views)
    {
        var strided = views.Select(view => View(view.Name, view.Tensor)).ToArray();
        CheckTotal(strided);
        var tensors = new HostTensor[views.Count];
        foreach (var users in Enumerable.Range(0, views.Count).GroupBy(i => views[i].Tensor.Storage with { Offset = 0 }))
        {
            var shared = users.Count() > 1;
            var storage = archive.ReadStorage(users.Key);
            foreach (var i in users) tensors[i] = Dense(strided[i], storage, shared);
        }

        return tensors;
    }

    private StridedView View(string name, PickleTensor tensor)
    {
        var (extents, strides) = (Integers(name, tensor.Extents), Integers(name, tensor.Strides));
        if (extents.Length != strides.Length) throw Fail(name, $"has {extents.Length} axes and {strides.Length} strides");
        var (type, elements) = tensor.DType is { } dtype ? (dtype.Name, dtype.Elements) : (tensor.Storage.Type.Name, tensor.Storage.Type.Elements);
        var stored = elements ?? throw Fail(name, $"has elements of torch.{type}, which cannot be read; wanted a float, integer or bool type");
        var shape = StoredElements.Shape(stored, extents, problem => Fail(name, problem));
        return new(name, stored, shape, FirstElement(name, tensor, stored, shape, strides), strides);
    }

    private long[] Integers(string name, object?[] items)
    {
        if (items.Length > Shape.MaxRank) throw Fail(name, $"has {items.Length} axes; at most {Shape.MaxRank} can be held");
        return Array.ConvertAll(items, item => item is long x ? x : throw Fail(name, $"has {StateDict.Describe(item)} for an extent or a stride"));
    }

    /// <summary>Where a view begins in its storage, once it is sure that all of it lies there.</summary>
    private long FirstElement(string name, PickleTensor tensor, StoredType stored, Shape shape, long[] strides)
    {
        var first = (Int128)tensor.Offset + tensor.Storage.Offset;
        var last = first;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (strides[axis] < 0) throw Fail(name, $"axis {axis} has the stride {strides[axis]}; wanted at least 0");
            last += (Int128)strides[axis] * Math.Max(0, shape[axis] - 1);
        }

        var elements = (Int128)tensor.Storage.Elements * tensor.Storage.Type.ElementBytes / stored.Size;
        if (first < 0 || first > elements || (shape.Elements > 0 && last >= elements))
            throw Fail(name, $"{shape} reaches from element {first} to {last} of its storage, which has {elements}");
        return (long)first;
    }

    private void CheckTotal(StridedView[] views)
    {
        var total = views.Aggregate(Int128.Zero, (sum, view) => sum + (view.Shape.Elements * view.Stored.Host.Size));
        if (total > (MostCopies * (Int128)file.Length) + Slack)
            throw file.Fail("", $"describes tensors of {total} bytes, more than {MostCopies} times its own {file.Length} bytes");
    }

    private HostTensor Dense(StridedView view, byte[] storage, bool shared)
    {
        var bytes = (int)(view.Shape.Elements * view.Stored.Size);
        byte[] dense;
        if (!view.IsDense) dense = Gather(view, bytes, storage);
        else if (!shared && bytes == storage.Length) dense = storage;
        else dense = bytes == 0 ? [] : storage.AsSpan((int)(view.First * view.Stored.Size), bytes).ToArray();
        return StoredElements.ToHost(view.Stored, view.Shape, dense, problem => Fail(view.Name, problem));
    }

    private static byte[] Gather(StridedView view, int bytes, byte[] storage)
    {
        var (dense, width) = (new byte[bytes], view.Stored.Size);
        var at = new long[view.Shape.Rank];
        var source = view.First;
        for (var to = 0; to < bytes; to += width)
        {
            storage.AsSpan((int)(source * width), width).CopyTo(dense.AsSpan(to));
            for (var axis = at.Length - 1; axis >= 0; axis--)
            {
                source += view.Strides[axis];
                if (++at[axis] < view.Shape[axis]) break;
                source -= view.Strides[axis] * at[axis];
                at[axis] = 0;
            }
        }

        return dense;
    }

    private ModelFormatException Fail(string name, string problem) => file.Fail($"tensor '{name}'", problem);

    /// <summary>A tensor whose extents, strides and place in its storage have been checked; strides and places count elements.</summary>
    private sealed record StridedView(string Name, StoredType Stored, Shape Shape, long First, long[] Strides)
    {
        internal bool IsDense
        {
            get
            {
                var wanted = Shape.RowMajorStrides();
                for (var axis = 0; axis < Shape.Rank; axis++)
                    if (Shape[axis] > 1 && Strides[axis] != wanted[axis]) return Shape.Elements == 0;
                return true;
            }
        }
    }
}
