using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fovea.Formats.Onnx.Proto;
using Fovea.Formats.Storage;
using Fovea.Tensors;
using Google.Protobuf;
using DataType = Fovea.Formats.Onnx.Proto.TensorProto.Types.DataType;

namespace Fovea.Formats.Onnx.Nodes;

/// <summary>Tensors between ONNX and memory. ONNX stores elements as little-endian bytes or as numbers in a field of their kind.</summary>
internal static class OnnxTensors
{
    /// <summary>The ONNX name of an element type.</summary>
    internal static DataType Type(DType type) => type switch
    {
        DType.Float32 => DataType.Float,
        DType.BFloat16 => DataType.Bfloat16,
        DType.Int32 => DataType.Int32,
        DType.Int8 => DataType.Int8,
        _ => DataType.Uint8,
    };

    /// <summary>The elements as ONNX stores them.</summary>
    internal static TensorProto Write(string name, HostTensor tensor)
    {
        var proto = new TensorProto { Name = name, DataType = (int)Type(tensor.Type.DType), RawData = ByteString.CopyFrom(tensor.Bytes) };
        for (var axis = 0; axis < tensor.Shape.Rank; axis++) proto.Dims.Add(tensor.Shape[axis]);
        return proto;
    }

    /// <summary>A vector of 64-bit integers, as shapes, axes and positions are given.</summary>
    internal static TensorProto Write(string name, ReadOnlySpan<long> numbers) =>
        new() { Name = name, DataType = (int)DataType.Int64, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(numbers)), Dims = { numbers.Length } };

    /// <summary>The tensor in memory; elements are converted as for safetensors.</summary>
    /// <exception cref="ModelFormatException">Elements are of a type that cannot be held, lie in another file, or are too few or too many.</exception>
    internal static HostTensor Read(TensorProto proto, Func<string, ModelFormatException> fail)
    {
        var stored = Stored(proto, fail);
        var shape = StoredElements.Shape(stored, proto.Dims.ToArray(), fail);
        return StoredElements.ToHost(stored, shape, Bytes(proto, stored, shape.Elements, fail), fail);
    }

    /// <summary>The elements of a tensor of 32-bit or 64-bit integers.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    internal static long[] ReadIntegers(TensorProto proto, Func<string, ModelFormatException> fail)
    {
        var stored = Stored(proto, fail);
        var shape = StoredElements.Shape(stored, proto.Dims.ToArray(), fail);
        var bytes = Bytes(proto, stored, shape.Elements, fail);
        var numbers = new long[shape.Elements];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = stored switch
            {
                StoredType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8 * i)),
                StoredType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4 * i)),
                _ => throw fail($"holds elements of the type {(DataType)proto.DataType}; wanted integers"),
            };
        }

        return numbers;
    }

    /// <summary>Whether the elements are integers that say shapes, axes or positions.</summary>
    internal static bool HoldsIntegers(TensorProto proto) => (DataType)proto.DataType is DataType.Int64 or DataType.Int32;

    private static StoredType Stored(TensorProto proto, Func<string, ModelFormatException> fail) => (DataType)proto.DataType switch
    {
        DataType.Float => StoredType.Float32,
        DataType.Uint8 => StoredType.UInt8,
        DataType.Int8 => StoredType.Int8,
        DataType.Int16 => StoredType.Int16,
        DataType.Int32 => StoredType.Int32,
        DataType.Int64 => StoredType.Int64,
        DataType.Bool => StoredType.Bool,
        DataType.Float16 => StoredType.Float16,
        DataType.Double => StoredType.Float64,
        DataType.Bfloat16 => StoredType.BFloat16,
        var type => throw fail($"holds elements of the type {type}; wanted floating-point numbers or integers"),
    };

    private static byte[] Bytes(TensorProto proto, StoredType stored, long elements, Func<string, ModelFormatException> fail)
    {
        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
            throw fail("keeps its elements in another file; wanted them inside (save the model without external data)");
        var bytes = proto.HasRawData ? proto.RawData.ToByteArray() : Typed(proto, stored);
        return bytes.Length == elements * stored.Size
            ? bytes
            : throw fail($"has {bytes.Length} bytes of elements; its shape [{string.Join(", ", proto.Dims)}] wants {elements * stored.Size}");
    }

    private static byte[] Typed(TensorProto proto, StoredType stored) => stored switch
    {
        StoredType.Float32 => MemoryMarshal.AsBytes(proto.FloatData.ToArray().AsSpan()).ToArray(),
        StoredType.Float64 => MemoryMarshal.AsBytes(proto.DoubleData.ToArray().AsSpan()).ToArray(),
        StoredType.Int64 => MemoryMarshal.AsBytes(proto.Int64Data.ToArray().AsSpan()).ToArray(),
        StoredType.Int32 => MemoryMarshal.AsBytes(proto.Int32Data.ToArray().AsSpan()).ToArray(),
        StoredType.Float16 or StoredType.BFloat16 or StoredType.Int16 =>
            MemoryMarshal.AsBytes(proto.Int32Data.Select(x => (short)x).ToArray().AsSpan()).ToArray(),
        _ => [.. proto.Int32Data.Select(x => (byte)x)],
    };
}
