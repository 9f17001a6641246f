using Fovea.Formats.PyTorch;
using Fovea.Formats.Tests.Zip;

namespace Fovea.Formats.Tests.PyTorch;

/// <summary>Pickles as torch.save would not write them.</summary>
internal static class Pickles
{
    /// <summary>A file in the zip layout with one pickle and the storages <c>0</c>, <c>1</c>, ….</summary>
    internal static byte[] Zip(byte[] pickle, params ReadOnlySpan<byte[]> storages)
    {
        var records = new List<(string, byte[])> { ("a/data.pkl", pickle) };
        for (var i = 0; i < storages.Length; i++) records.Add(($"a/data/{i}", storages[i]));
        return ZipTests.Write(uint.MaxValue, [.. records]);
    }

    internal static byte[] Of(Action<PickleOutput> write)
    {
        var pickle = new PickleOutput();
        write(pickle);
        return pickle.Finish().ToArray();
    }

    internal static void Ops(this PickleOutput pickle, string ops)
    {
        foreach (var op in ops) pickle.Op(op);
    }

    /// <summary>A float32 tensor over four elements of the storage <c>0</c>, kept in the memo under a number below 256.</summary>
    internal static void Tensor(this PickleOutput pickle, byte memo)
    {
        pickle.View("FloatStorage", elements: 4, offset: 0, [4], [1]);
        pickle.Ops($"q{(char)memo}");
    }

    /// <summary>A view of the storage <c>0</c>.</summary>
    internal static void View(this PickleOutput pickle, string type, long elements, long offset, long[] extents, long[] strides)
    {
        pickle.Global("torch._utils", "_rebuild_tensor_v2");
        pickle.Ops("((");
        pickle.Text("storage");
        pickle.Global("torch", type);
        pickle.Text("0");
        pickle.Text("cpu");
        pickle.Integer(elements);
        pickle.Ops("tQ");
        pickle.Integer(offset);
        pickle.Tuple(extents);
        pickle.Tuple(strides);
        pickle.Op('\x89');
        pickle.EmptyOrderedDict();
        pickle.Ops("tR");
    }

    /// <summary>Sets entries of the dictionary on the stack: each a key and what pushes its value.</summary>
    internal static void Set(this PickleOutput pickle, string key, Action<PickleOutput> value)
    {
        pickle.Text(key);
        value(pickle);
        pickle.Op('s');
    }

    internal static void Get(this PickleOutput pickle, byte memo) => pickle.Ops($"h{(char)memo}");
}
