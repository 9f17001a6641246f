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
        var types = views.Select(view => Type(view.Name, view.Tensor)).ToArray();
        CheckTotal(types);
        var tensors = new HostTensor[views.Count];
        foreach (var users in Enumerable.Range(0, views.Count).GroupBy(i => views[i].Tensor.Storage with { Offset = 0 }))
        {
            var shared = users.Count() > 1;
            var storage = archive.ReadStorage(users.Key);
            foreach (var i in users) tensors[i] = Dense(views[i].Name, views[i].Tensor, types[i].Stored, types[i].Shape, storage, shared);
        }

        return tensors;
    }

    private (StoredType Stored, Shape Shape) Type(string name, PickleTensor tensor)
    {
        var (type, elements) = tensor.DType is { } dtype ? (dtype.Name, dtype.Elements) : (tensor.Storage.Type.Name, tensor.Storage.Type.Elements);
        var stored = elements ?? throw Fail(name, $"has elements of torch.{type}, which cannot be read; wanted a float, integer or bool type");
        var shape = StoredElements.Shape(stored, tensor.Extents, problem => Fail(name, problem));
        CheckView(name, tensor, stored, shape);
        return (stored, shape);
    }

    private void CheckView(string name, PickleTensor tensor, StoredType stored, Shape shape)
    {
        var first = (Int128)tensor.Offset + tensor.Storage.Offset;
        var last = first;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (tensor.Strides[axis] < 0) throw Fail(name, $"axis {axis} has the stride {tensor.Strides[axis]}; wanted at least 0");
            last += (Int128)tensor.Strides[axis] * Math.Max(0, shape[axis] - 1);
        }

        var elements = (Int128)tensor.Storage.Elements * tensor.Storage.Type.ElementBytes / stored.Size;
        if (first < 0 || (shape.Elements > 0 && last >= elements))
            throw Fail(name, $"{shape} reaches from element {first} to {last} of its storage, which has {elements}");
    }

    private void CheckTotal((StoredType Stored, Shape Shape)[] types)
    {
        var total = types.Aggregate(Int128.Zero, (sum, type) => sum + type.Shape.Elements * type.Stored.Host.Size);
        if (total > (MostCopies * (Int128)file.Length) + Slack)
            throw file.Fail("", $"describes tensors of {total} bytes, more than {MostCopies} times its own {file.Length} bytes");
    }

    private HostTensor Dense(string name, PickleTensor tensor, StoredType stored, Shape shape, byte[] storage, bool shared)
    {
        var first = tensor.Offset + tensor.Storage.Offset;
        var bytes = (int)(shape.Elements * stored.Size);
        byte[] dense;
        if (!IsDense(tensor, shape)) dense = Gather(tensor, first, stored.Size, bytes, storage);
        else if (!shared && bytes == storage.Length) dense = storage;
        else dense = bytes == 0 ? [] : storage.AsSpan((int)(first * stored.Size), bytes).ToArray();
        return StoredElements.ToHost(stored, shape, dense, problem => Fail(name, problem));
    }

    private static bool IsDense(PickleTensor tensor, Shape shape)
    {
        var wanted = shape.RowMajorStrides();
        for (var axis = 0; axis < shape.Rank; axis++)
            if (shape[axis] > 1 && tensor.Strides[axis] != wanted[axis]) return shape.Elements == 0;
        return true;
    }

    private static byte[] Gather(PickleTensor tensor, long first, int width, int bytes, byte[] storage)
    {
        var dense = new byte[bytes];
        var at = new long[tensor.Extents.Length];
        var source = first;
        for (var to = 0; to < bytes; to += width)
        {
            storage.AsSpan((int)(source * width), width).CopyTo(dense.AsSpan(to));
            for (var axis = at.Length - 1; axis >= 0; axis--)
            {
                source += tensor.Strides[axis];
                if (++at[axis] < tensor.Extents[axis]) break;
                source -= tensor.Strides[axis] * at[axis];
                at[axis] = 0;
            }
        }

        return dense;
    }

    private ModelFormatException Fail(string name, string problem) => file.Fail($"tensor '{name}'", problem);
}
