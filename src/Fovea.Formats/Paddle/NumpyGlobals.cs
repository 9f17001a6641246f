using System.Buffers.Binary;
using Fovea.Formats.PyTorch;

namespace Fovea.Formats.Paddle;

/// <summary>What the globals of a pickle of numpy arrays mean: an allow-list. Nothing else is known, and nothing is run.</summary>
/// <remarks>
/// What numpy, Python and Paddle write: numpy/core/src/multiarray/methods.c (<c>ndarray.__reduce_ex__</c>; numpy 2 says <c>numpy._core</c>), Python's
/// <c>bytes.__reduce_ex__</c> of protocol 2, and paddle/framework/io.py.
/// </remarks>
internal static class NumpyGlobals
{
    private static readonly PickleCallable s_reconstruct = new("numpy._reconstruct", (_, _) => new NumpyArray());

    private static readonly PickleCallable s_fromBuffer = new("numpy._frombuffer", (arguments, fail) => arguments switch
    {
        [byte[] data, NumpyType type, object?[] extents, string order] => NumpyArray.Of(extents, type, order == "F", data),
        _ => throw fail("calls numpy's _frombuffer otherwise than numpy does"),
    });

    private static readonly PickleCallable s_type = new("numpy.dtype", (arguments, fail) =>
        arguments is [string name, ..] ? new NumpyType(name) : throw fail("calls numpy.dtype without the name of a type"));

    private static readonly PickleCallable s_scalar = new("numpy.scalar", (arguments, fail) => arguments switch
    {
        [NumpyType { Name: "f8" }, byte[] { Length: 8 } bytes] => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        [NumpyType { Name: "f4" }, byte[] { Length: 4 } bytes] => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
        [NumpyType { Name: "i8" }, byte[] { Length: 8 } bytes] => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        [NumpyType { Name: "i4" }, byte[] { Length: 4 } bytes] => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
        [NumpyType, ..] => null,
        _ => throw fail("calls numpy's scalar without a type"),
    });

    private static readonly PickleCallable s_encode = new("_codecs.encode", (arguments, fail) => arguments switch
    {
        [string text, "latin1" or "latin-1"] => new LatinText(text),
        _ => throw fail("calls _codecs.encode otherwise than for bytes in latin1"),
    });

    private static readonly PickleCallable s_bytes = new("bytes", (arguments, fail) => arguments switch
    {
        [] => Array.Empty<byte>(),
        [byte[] or LatinText] => arguments[0],
        _ => throw fail("makes bytes of something else"),
    });

    private static readonly PickleCallable s_tuple = new("tuple", (arguments, fail) =>
        arguments is [object?[] items] ? items : throw fail("makes a tuple of something else"));

    /// <summary>Where Paddle's own reading gives an array back as it is.</summary>
    private static readonly PickleCallable s_dense = new("paddle's _reconstruct_dense_tensor_data", (arguments, fail) =>
        arguments is [NumpyArray array] ? array : throw fail("makes a tensor of Paddle of something else than an array"));

    private static readonly Opaque s_arrayClass = new("numpy.ndarray");

    /// <summary>What a global means; null for one that is not on the list.</summary>
    internal static object? Find(string module, string name) => (module, name) switch
    {
        ("collections", "OrderedDict" or "defaultdict") or ("builtins" or "__builtin__", "dict") => Known.Dictionary,
        ("numpy.core.multiarray" or "numpy._core.multiarray", "_reconstruct") => s_reconstruct,
        ("numpy.core.multiarray" or "numpy._core.multiarray", "scalar") => s_scalar,
        ("numpy.core.numeric" or "numpy._core.numeric", "_frombuffer") => s_fromBuffer,
        ("numpy", "ndarray") => s_arrayClass,
        ("numpy", "dtype") => s_type,
        ("_codecs", "encode") => s_encode,
        ("builtins" or "__builtin__", "bytes" or "bytearray") => s_bytes,
        ("builtins" or "__builtin__", "tuple") => s_tuple,
        ("paddle.framework.io_utils", "_reconstruct_dense_tensor_data") => s_dense,
        _ => null,
    };
}
