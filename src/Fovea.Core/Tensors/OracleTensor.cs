namespace Fovea.Tensors;

/// <summary>A dense row-major tensor of <see langword="double"/>: what the reference interpreter computes with, whatever the element type.</summary>
public sealed class OracleTensor
{
    /// <summary>A tensor of zeros.</summary>
    public OracleTensor(Shape shape)
        : this(shape, new double[shape.Elements])
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
        for (var i = 0; i < result.Elements.Length; i++) result.Elements[i] = Element(tensor, i);
        return result;
    }

    /// <summary>The elements, rounded to the nearest of <paramref name="type"/>.</summary>
    public HostTensor To(DType type)
    {
        var result = new HostTensor(new TensorType(type, Shape));
        for (var i = 0; i < Elements.Length; i++) Store(result, i, Elements[i]);
        return result;
    }

    private static double Element(HostTensor tensor, int i) => tensor.Type.DType switch
    {
        DType.Float32 => tensor.Floats[i],
        DType.Int32 => (double)tensor.Ints[i],
        DType.BFloat16 => BFloat16Bits.ToSingle(BitConverter.ToUInt16(tensor.Bytes[(2 * i)..])),
        DType.Int8 => (sbyte)tensor.Bytes[i],
        _ => tensor.Bytes[i],
    };

    private static void Store(HostTensor tensor, int i, double x)
    {
        switch (tensor.Type.DType)
        {
            case DType.Float32: tensor.Floats[i] = (float)x; break;
            case DType.Int32: tensor.Ints[i] = (int)Math.Round(Math.Clamp(x, int.MinValue, int.MaxValue)); break;
            case DType.BFloat16: BitConverter.TryWriteBytes(tensor.Bytes[(2 * i)..], BFloat16Bits.FromSingle((float)x)); break;
            case DType.Int8: tensor.Bytes[i] = (byte)(sbyte)Math.Round(Math.Clamp(x, -128, 127)); break;
            default: tensor.Bytes[i] = (byte)Math.Round(Math.Clamp(x, 0, 255)); break;
        }
    }
}
