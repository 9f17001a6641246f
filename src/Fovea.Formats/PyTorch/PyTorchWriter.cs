using System.Buffers.Binary;
using System.Diagnostics;
using Fovea.Formats.Zip;
using Fovea.Tensors;

namespace Fovea.Formats.PyTorch;

internal static class PyTorchWriter
{
    private const string Root = "archive";

    internal static void Write(Stream stream, IReadOnlyList<(string Name, HostTensor Tensor)> tensors, long? batchesTracked)
    {
        var entries = Entries(tensors, batchesTracked);
        var zip = new ZipWriter(stream);
        zip.Add($"{Root}/data.pkl", Pickle(entries));
        zip.Add($"{Root}/byteorder", "little"u8);
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Tensor is { } tensor) zip.Add($"{Root}/data/{i}", tensor.Bytes);
            else zip.Add($"{Root}/data/{i}", Counter(batchesTracked!.Value));
        }

        zip.Add($"{Root}/version", "3\n"u8);
        zip.Finish();
    }

    /// <summary>The tensors with the counters that belong between them; a counter has no tensor.</summary>
    private static List<(string Name, HostTensor? Tensor)> Entries(IReadOnlyList<(string Name, HostTensor Tensor)> tensors, long? batchesTracked)
    {
        var entries = new List<(string Name, HostTensor? Tensor)>();
        foreach (var (name, tensor) in tensors)
        {
            entries.Add((name, tensor));
            if (batchesTracked is not null && WeightNames.CounterBeside(name) is { } counter) entries.Add((counter, null));
        }

        var names = new HashSet<string>();
        foreach (var (name, _) in entries)
            if (!names.Add(name)) throw new ArgumentException($"two tensors are called '{name}'");
        return entries;
    }

    private static ReadOnlySpan<byte> Pickle(List<(string Name, HostTensor? Tensor)> entries)
    {
        var pickle = new PickleOutput();
        pickle.EmptyOrderedDict();
        pickle.Op('(');
        for (var i = 0; i < entries.Count; i++)
        {
            pickle.Text(entries[i].Name);
            Tensor(pickle, i, entries[i].Tensor);
        }

        pickle.Op('u');
        return pickle.Finish();
    }

    /// <summary><c>_rebuild_tensor_v2(storage, 0, size, stride, requires_grad=False, backward_hooks=OrderedDict())</c>.</summary>
    private static void Tensor(PickleOutput pickle, int key, HostTensor? tensor)
    {
        var shape = tensor?.Shape ?? Shape.Scalar;
        pickle.Global("torch._utils", "_rebuild_tensor_v2");
        pickle.Op('(');
        pickle.Op('(');
        pickle.Text("storage");
        pickle.Global("torch", StorageName(tensor?.Type.DType));
        pickle.Text($"{key}");
        pickle.Text("cpu");
        pickle.Integer(shape.Elements);
        pickle.Op('t');
        pickle.Op('Q');
        pickle.Integer(0);
        pickle.Tuple(Array.ConvertAll(shape.ToArray(), extent => (long)extent));
        pickle.Tuple(shape.RowMajorStrides());
        pickle.Op('\x89');
        pickle.EmptyOrderedDict();
        pickle.Op('t');
        pickle.Op('R');
    }

    private static string StorageName(DType? type) => type switch
    {
        null => "LongStorage",
        DType.Float32 => "FloatStorage",
        DType.BFloat16 => "BFloat16Storage",
        DType.Int32 => "IntStorage",
        DType.Int8 => "CharStorage",
        DType.UInt8 => "ByteStorage",
        _ => throw new UnreachableException($"{type}"),
    };

    private static byte[] Counter(long count)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, count);
        return bytes;
    }
}
