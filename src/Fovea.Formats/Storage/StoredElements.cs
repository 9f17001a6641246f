using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fovea.Tensors;

namespace Fovea.Formats.Storage;

/// <summary>From the shapes and little-endian elements of a file to a <see cref="HostTensor"/>.</summary>
internal static class StoredElements
{
    /// <summary>The shape, once it is sure that a tensor of it fits into memory.</summary>
    internal static Shape Shape(StoredType type, ReadOnlySpan<long> extents, Func<string, ModelFormatException> fail)
    {
        if (extents.Length > Tensors.Shape.MaxRank)
            throw fail($"has {extents.Length} axes; at most {Tensors.Shape.MaxRank} can be held");
        Span<int> checkedExtents = stackalloc int[extents.Length];
        UInt128 elements = 1;
        for (var axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] is < 0 or > int.MaxValue)
                throw fail($"axis {axis} has the extent {extents[axis]}; wanted 0 to {int.MaxValue}");
            checkedExtents[axis] = (int)extents[axis];
            elements = UInt128.Min(elements, long.MaxValue) * (UInt128)Math.Max(1, extents[axis]);   // also of an empty tensor the strides must not wrap
        }

        var width = (uint)Math.Max(type.Size, type.Host.Size);
        if (elements * width > (UInt128)Array.MaxLength)
            throw fail($"has {elements} elements, {elements * width} bytes; at most {Array.MaxLength} bytes can be held in one tensor");
        try
        {
            return new(checkedExtents);
        }
        catch (ShapeException e)
        {
            throw fail($"has no shape: {e.Message}");
        }
    }

    /// <summary>The tensor of elements that are already as many as the shape wants; it may keep <paramref name="bytes"/>.</summary>
    internal static HostTensor ToHost(StoredType type, Shape shape, byte[] bytes, Func<string, ModelFormatException> fail)
    {
        var host = new TensorType(type.Host, shape);
        if (type is not (StoredType.Float64 or StoredType.Float16 or StoredType.Int64 or StoredType.Int16 or StoredType.Bool))
            return new(host, bytes);

        var tensor = new HostTensor(host);
        switch (type)
        {
            case StoredType.Float64:
                Convert<double, float>(bytes, tensor.Floats, x => (float)x);
                break;
            case StoredType.Float16:
                Convert<Half, float>(bytes, tensor.Floats, x => (float)x);
                break;
            case StoredType.Int16:
                Convert<short, int>(bytes, tensor.Ints, x => x);
                break;
            case StoredType.Int64:
                Narrow(bytes, tensor.Ints, fail);
                break;
            default:
                Convert<byte, byte>(bytes, tensor.Bytes, x => (byte)(x == 0 ? 0 : 1));
                break;
        }

        return tensor;
    }

    private static void Convert<TFrom, TTo>(byte[] bytes, Span<TTo> to, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
    {
        var from = MemoryMarshal.Cast<byte, TFrom>(bytes.AsSpan());
        for (var i = 0; i < to.Length; i++) to[i] = convert(from[i]);
    }

    private static void Narrow(byte[] bytes, Span<int> to, Func<string, ModelFormatException> fail)
    {
        for (var i = 0; i < to.Length; i++)
        {
            var x = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8 * i));
            if (x is < int.MinValue or > int.MaxValue) throw fail($"element {i} is {x}; a 64-bit integer is read only if 32 bits hold it");
            to[i] = (int)x;
        }
    }
}
