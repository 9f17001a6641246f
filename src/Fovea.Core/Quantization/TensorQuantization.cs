using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Quantization;

/// <summary>How a tensor of fractions is held as integers of 8 bits: x ≈ (q − zero) · scale, q = clamp(round(x / scale) + zero, low, high).</summary>
/// <param name="Op">Element type, range and axis.</param>
/// <param name="Scales">One scale for the whole tensor, or one for each place along the axis; greater than 0.</param>
/// <param name="Zeros">As many zero points, within the range.</param>
public sealed record TensorQuantization(Quantize Op, IReadOnlyList<float> Scales, IReadOnlyList<int> Zeros)
{
    /// <summary>The least scale: what has no range is 0 all over.</summary>
    private const float SmallestScale = 1e-10f;

    /// <summary>Whether there is one scale for the whole tensor.</summary>
    public bool IsPerTensor => Scales.Count == 1;

    /// <summary>An activation between two numbers, with 0 among them exactly: u8 with a zero point.</summary>
    /// <param name="low">The least number; 0 where it is above.</param>
    /// <param name="high">The greatest; 0 where it is below.</param>
    public static TensorQuantization Asymmetric(double low, double high)
    {
        var op = Quantize.To(DType.UInt8);
        (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        var scale = Math.Max((float)((high - low) / (op.High - op.Low)), SmallestScale);
        var zero = (int)Math.Clamp(Math.Round(op.Low - (low / scale)), op.Low, op.High);
        return new(op, [scale], [zero]);
    }

    /// <summary>An activation around 0: u8 whose zero point is its middle, or 0 where there are no negative numbers.</summary>
    public static TensorQuantization Symmetric(double low, double high)
    {
        const int middle = 128;
        if (low >= 0) return Asymmetric(0, high);
        var scale = Math.Max((float)(Math.Max(-low, high) / (middle - 1)), SmallestScale);
        return new(Quantize.To(DType.UInt8), [scale], [middle]);
    }

    /// <summary>Weights: s8 around 0, from −<paramref name="most"/> to <paramref name="most"/>.</summary>
    /// <param name="magnitudes">The greatest magnitude at each place along the axis, or one for all.</param>
    /// <param name="most">The greatest integer: 127, or 63 where pairs of products are to fit 16 bits.</param>
    /// <param name="axis">The axis of output channels.</param>
    public static TensorQuantization OfWeights(IReadOnlyList<double> magnitudes, int most, int axis) => new(
        new Quantize(DType.Int8, -most, most, magnitudes.Count == 1 ? 0 : axis), [.. magnitudes.Select(m => Math.Max((float)(m / most), SmallestScale))],
        new int[magnitudes.Count]);

    /// <summary>The integers of a float32 tensor.</summary>
    public HostTensor Integers(HostTensor tensor)
    {
        var result = new HostTensor(new TensorType(Op.DType, tensor.Shape));
        var x = tensor.Floats;
        var places = new Ops.Scales.Places(tensor.Shape, Op.Axis, Scales.Count);
        for (var i = 0; i < x.Length; i++)
        {
            var place = (int)places.Of(i);
            result.Bytes[i] = (byte)(int)Math.Clamp(MathF.Round(x[i] / Scales[place]) + Zeros[place], Op.Low, Op.High);
        }

        return result;
    }

    /// <summary>The fractions that integers stand for.</summary>
    public HostTensor Fractions(HostTensor integers)
    {
        var (from, result) = (OracleTensor.From(integers).Elements, new HostTensor(new TensorType(DType.Float32, integers.Shape)));
        var places = new Ops.Scales.Places(integers.Shape, Op.Axis, Scales.Count);
        for (var i = 0; i < from.Length; i++)
        {
            var place = (int)places.Of(i);
            result.Floats[i] = (float)(from[i] - Zeros[place]) * Scales[place];
        }

        return result;
    }

    /// <summary>Scales and zero points as constants of a graph.</summary>
    internal (Value Scale, Value Zero) Constants(Graph graph)
    {
        var shape = IsPerTensor ? Shape.Scalar : new Shape(Scales.Count);
        var (scale, zero) = (new HostTensor(new TensorType(DType.Float32, shape)), new HostTensor(new TensorType(DType.Int32, shape)));
        Scales.ToArray().CopyTo(scale.Floats);
        Zeros.ToArray().CopyTo(zero.Ints);
        return (graph.Constant(scale), graph.Constant(zero));
    }
}
