using System.Numerics;
using System.Runtime.InteropServices;

namespace Fovea.Tensors;

/// <summary>A dense row-major tensor of <see langword="double"/>: what the reference interpreter computes with, whatever the element type.</summary>
public sealed class OracleTensor
{
    /// <summary>A tensor of zeros.</summary>
    /// <exception cref="ShapeException">There are more elements than an array holds.</exception>
    public OracleTensor(Shape shape)
        : this(shape, Memory(shape))
    {
    }

    /// <summary>A tensor over existing elements, which it keeps.</summary>
    public OracleTensor(Shape shape, double[] elements)
    {
        if (elements.Length != shape.Elements) throw new ArgumentException($"{shape} has {shape.Elements} elements, not {elements.Length}");
        Shape = shape;
        Elements = elements;
    }

    /// <summary>The shape.</summary>
    public Shape Shape { get; }

    /// <summary>The elements, the last axis fastest.</summary>
    public double[] Elements { get; }

    /// <summary>The element at a position in row-major order.</summary>
    public ref double this[long index] => ref Elements[index];

    /// <summary>The only element of a tensor that has just one.</summary>
    public double Scalar => Elements.Length == 1 ? Elements[0] : throw new InvalidOperationException($"{Shape} is not a single number");

    /// <summary>The elements of a host tensor, widened.</summary>
    public static OracleTensor From(HostTensor tensor)
    {
        var result = new OracleTensor(tensor.Shape);
        var to = result.Elements;
        ReadOnlySpan<byte> bytes = tensor.Bytes;
        switch (tensor.Type.DType)
        {
            case DType.Float32: Widen<float>(tensor.Floats, to); break;
            case DType.Int32: Widen<int>(tensor.Ints, to); break;
            case DType.Int8: Widen(MemoryMarshal.Cast<byte, sbyte>(bytes), to); break;
            case DType.BFloat16:
                var halves = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (var i = 0; i < to.Length; i++) to[i] = BFloat16Bits.ToSingle(halves[i]);
                break;
            default: Widen(bytes, to); break;
        }

        return result;
    }

    /// <summary>The elements, rounded to the nearest of <paramref name="type"/>.</summary>
    public HostTensor To(DType type)
    {
        var result = new HostTensor(new TensorType(type, Shape));
        switch (type)
        {
            case DType.Float32: Convert(result.Floats, x => (float)x); break;
            case DType.Int32: Convert(result.Ints, x => (int)Whole(x, int.MinValue, int.MaxValue)); break;
            case DType.BFloat16: Convert(MemoryMarshal.Cast<byte, ushort>(result.Bytes), x => BFloat16Bits.FromSingle((float)x)); break;
            case DType.Int8: Convert(MemoryMarshal.Cast<byte, sbyte>(result.Bytes), x => (sbyte)Whole(x, -128, 127)); break;
            default: Convert(result.Bytes, x => (byte)Whole(x, 0, 255)); break;
        }

        return result;
    }

    private static double[] Memory(Shape shape) => shape.Elements <= Array.MaxLength
        ? new double[shape.Elements]
        : throw new ShapeException($"{shape} has {shape.Elements} elements; the reference interpreter holds at most {Array.MaxLength}");

    private static void Widen<T>(ReadOnlySpan<T> from, Span<double> to)
        where T : INumberBase<T>
    {
        for (var i = 0; i < to.Length; i++) to[i] = double.CreateChecked(from[i]);
    }

    private static double Whole(double x, double least, double most) => Math.Round(Math.Clamp(x, least, most));

    private void Convert<T>(Span<T> to, Func<double, T> rounded)
    {
        for (var i = 0; i < to.Length; i++) to[i] = rounded(Elements[i]);
    }
}
