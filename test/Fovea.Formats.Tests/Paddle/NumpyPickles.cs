using Fovea.Formats.PyTorch;

namespace Fovea.Formats.Tests.Paddle;

/// <summary>Pickles of numpy arrays that numpy would not write.</summary>
internal static class NumpyPickles
{
    /// <summary>A dictionary of one entry.</summary>
    internal static void Dict(this PickleOutput pickle, string name, Action value)
    {
        pickle.Op('}');
        pickle.Text(name);
        value();
        pickle.Op('s');
    }

    /// <summary>An array as <c>ndarray.__reduce__</c> has it.</summary>
    internal static void Array(this PickleOutput pickle, long[] shape, string type, string order, byte[] data)
    {
        pickle.Global("numpy.core.multiarray", "_reconstruct");
        pickle.Op('(');
        pickle.Global("numpy", "ndarray");
        pickle.Tuple([0]);
        pickle.Text("b");
        Ops(pickle, "tR(K\x01");
        pickle.Tuple(shape);
        pickle.Global("numpy", "dtype");
        pickle.Op('(');
        pickle.Text(type);
        Ops(pickle, "\x89\x88tR(K\x03");
        pickle.Text(order);
        Ops(pickle, "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\u0089B");
        foreach (var b in BitConverter.GetBytes(data.Length)) pickle.Op((char)b);
        foreach (var b in data) pickle.Op((char)b);
        Ops(pickle, "tb");
    }

    /// <summary>The state dict of arrays of float32.</summary>
    internal static byte[] StateDict(IEnumerable<(string Name, long[] Shape, byte[] Data)> arrays)
    {
        var pickle = new PickleOutput();
        Ops(pickle, "}(");
        foreach (var (name, shape, data) in arrays)
        {
            pickle.Text(name);
            pickle.Array(shape, "f4", "<", data);
        }

        pickle.Op('u');
        return pickle.Finish().ToArray();
    }

    private static void Ops(PickleOutput pickle, string ops)
    {
        foreach (var op in ops) pickle.Op(op);
    }
}
