using Fovea.Formats.PyTorch;
using Fovea.Formats.Tests.PyTorch;

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
        pickle.Ops("tR(K\x01");
        pickle.Tuple(shape);
        pickle.Global("numpy", "dtype");
        pickle.Op('(');
        pickle.Text(type);
        pickle.Ops("\x89\x88tR(K\x03");
        pickle.Text(order);
        pickle.Ops("NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89");
        pickle.Ops($"C{(char)data.Length}");
        foreach (var b in data) pickle.Op((char)b);
        pickle.Ops("tb");
    }
}
