using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>
/// Fractions as integers of 8 bits: x, scale, zero → y = clamp(round(x / scale) + zero, low, high), of x's shape. ONNX: QuantizeLinear.
/// </summary>
/// <remarks>
/// scale f32 and zero s32 are one number each for all of x, or [C] for the places along an axis. Rounds to the nearest, ties to even. It has no gradient: what
/// is trained computes the same in fractions (<see cref="Round"/>).
/// </remarks>
/// <param name="DType">The element type of y: s8 or u8.</param>
/// <param name="Low">The least y: within the type's range, narrower for weights (−127) and where products of pairs must fit 16 bits.</param>
/// <param name="High">The greatest y.</param>
/// <param name="Axis">The axis of x that scale and zero belong to; 0 where they are one number.</param>
public sealed record Quantize(DType DType, int Low, int High, int Axis = 0) : Op
{
    /// <inheritdoc/>
    public override string Name => "quantize";

    /// <summary>To all of the type's range.</summary>
    public static Quantize To(DType type, int axis = 0) => new(type, Least(type), Greatest(type), axis);

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(3, inputs.Length, this);
        Check.That(DType is DType.Int8 or DType.UInt8, this, $"type is {DType.ShortName}; wanted s8 or u8");
        Check.That(Least(DType) <= Low && Low < High && High <= Greatest(DType), this, $"low {Low} and high {High}; wanted a range within {DType.ShortName}");
        Check.That(inputs[0].DType.IsFloat, this, $"x is {inputs[0]}; wanted fractions");
        Scales.Check(this, Axis, inputs);
        return [inputs[0] with { DType = DType }];
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
            y[i] = Math.Clamp(Math.Round(x[i] / scale[place]) + zero[place], Low, High);
        }
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("type", DType.ShortName);
        to.Add("low", Low);
        to.Add("high", High);
        to.Add("axis", Axis);
    }

    internal static Quantize Parse(AttributeReader from) => new(from.DType("type"), from.Integer("low"), from.Integer("high"), from.Integer("axis"));

    private static int Least(DType type) => type == DType.Int8 ? sbyte.MinValue : byte.MinValue;

    private static int Greatest(DType type) => type == DType.Int8 ? sbyte.MaxValue : byte.MaxValue;
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Quantize"/>.</summary>
    public static Value Quantize(this Value x, Quantize by, Value scale, Value zero) => x.Graph.Add(by, x, scale, zero);
}
