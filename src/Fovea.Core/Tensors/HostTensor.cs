using System.Runtime.InteropServices;

namespace Fovea.Tensors;

/// <summary>Elements in managed memory, dense and row-major: how weights, images and results travel between the parts.</summary>
public sealed class HostTensor
{
    private readonly byte[] _bytes;

    /// <summary>A tensor of zeros.</summary>
    /// <exception cref="ShapeException">The elements take more bytes than an array holds.</exception>
    public HostTensor(TensorType type)
        : this(type, Memory(type))
    {
    }

    /// <summary>A tensor over existing little-endian bytes, which it keeps.</summary>
    /// <exception cref="ArgumentException">The number of bytes does not fit the type.</exception>
    public HostTensor(TensorType type, byte[] bytes)
    {
        if (bytes.Length != type.Bytes) throw new ArgumentException($"{type} takes {type.Bytes} bytes, not {bytes.Length}");
        Type = type;
        _bytes = bytes;
    }

    /// <summary>Element type and shape.</summary>
    public TensorType Type { get; }

    /// <summary>The shape.</summary>
    public Shape Shape => Type.Shape;

    /// <summary>The elements as little-endian bytes.</summary>
    public Span<byte> Bytes => _bytes;

    /// <summary>The elements of a float32 tensor.</summary>
    public Span<float> Floats => As<float>(DType.Float32);

    /// <summary>The elements of an int32 tensor.</summary>
    public Span<int> Ints => As<int>(DType.Int32);

    /// <summary>A float32 tensor with a copy of the given elements.</summary>
    public static HostTensor Of(Shape shape, ReadOnlySpan<float> elements)
    {
        var tensor = new HostTensor(new TensorType(DType.Float32, shape));
        elements.CopyTo(tensor.Floats);
        return tensor;
    }

    /// <summary>A float32 tensor with one number everywhere.</summary>
    public static HostTensor Filled(Shape shape, float element)
    {
        var tensor = new HostTensor(new TensorType(DType.Float32, shape));
        tensor.Floats.Fill(element);
        return tensor;
    }

    /// <summary>A tensor with the same elements in memory of its own.</summary>
    public HostTensor Copy() => new(Type, _bytes.ToArray());

    private static byte[] Memory(TensorType type) => type.Bytes <= Array.MaxLength
        ? new byte[type.Bytes]
        : throw new ShapeException($"{type} takes {type.Bytes} bytes; one tensor in managed memory holds at most {Array.MaxLength}");

    private Span<T> As<T>(DType wanted)
        where T : unmanaged =>
        Type.DType == wanted
            ? MemoryMarshal.Cast<byte, T>(_bytes.AsSpan())
            : throw new InvalidOperationException($"the tensor is {Type}; its elements cannot be read as {wanted.ShortName}");
}
