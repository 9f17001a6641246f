using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Integers as the fractions that they stand for: x, scale, zero → y = (x − zero) · scale in f32, of x's shape. ONNX: DequantizeLinear.</summary>
/// <remarks>
/// x is s8, u8 or s32; scale f32 and zero s32 are one number each for all of x, or [C] for the places along an axis. Low and high say which numbers x has, for
/// kernels whose sums of pairs must fit 16 bits; they change nothing. It has no gradient.
/// </remarks>
/// <param name="Axis">The axis of x that scale and zero belong to; 0 where they are one number.</param>
public sealed record Dequantize(int Axis = 0) : Op
{
    /// <summary>The least number in x; by default any that its type has.</summary>
    public int Low { get; init; } = int.MinValue;

    /// <summary>The greatest number in x; by default any that its type has.</summary>
    public int High { get; init; } = int.MaxValue;

    /// <inheritdoc/>
    public override string Name => "dequantize";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(3, inputs.Length, this);
        Check.That(!inputs[0].DType.IsFloat, this, $"x is {inputs[0]}; wanted integers");
        Check.That(Low < High, this, $"low {Low} and high {High}; wanted low below high");
        Scales.Check(this, Axis, inputs);
        return [inputs[0] with { DType = DType.Float32 }];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        throw new NotDifferentiableException($"{node}: integers have no gradient; wanted the model before it was quantised, or all up to here frozen");

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(2 * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, scale, zero, y) = (inputs[0].Elements, inputs[1].Elements, inputs[2].Elements, results[0].Elements);
        var places = new Scales.Places(inputs[0].Shape, Axis, scale.Length);
        for (var i = 0; i < y.Length; i++)
        {
            var place = places.Of(i);
            y[i] = (x[i] - zero[place]) * scale[place];
        }
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("axis", Axis);
        if (Low != int.MinValue) to.Add("low", Low);
        if (High != int.MaxValue) to.Add("high", High);
    }

    internal static Dequantize Parse(AttributeReader from) => new(from.Integer("axis"))
    {
        Low = from.Has("low") ? from.Integer("low") : int.MinValue,
        High = from.Has("high") ? from.Integer("high") : int.MaxValue,
    };
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Dequantize"/> of what was quantised by an operation.</summary>
    public static Value Dequantize(this Value x, Quantize by, Value scale, Value zero) =>
        x.Graph.Add(new Dequantize(by.Axis) { Low = by.Low, High = by.High }, x, scale, zero);

    /// <summary><see cref="Ops.Dequantize"/>.</summary>
    public static Value Dequantize(this Value x, Value scale, Value zero, int axis = 0) => x.Graph.Add(new Dequantize(axis), x, scale, zero);
}
