using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>exp(x) / Σ exp(x) along an axis: x → y. ONNX: Softmax.</summary>
/// <param name="Axis">The axis, counted from the outermost.</param>
public sealed record Softmax(int Axis) : Op
{
    /// <inheritdoc/>
    public override string Name => "softmax";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        Check.That(inputs[0].DType.IsFloat, this, $"x is {inputs[0]}; wanted fractions");
        Check.That(Axis >= 0 && Axis < inputs[0].Shape.Rank, this, $"axis {Axis} of x {inputs[0].Shape}; wanted one that it has");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [node.Graph.Add(new SoftmaxGradient(Axis), node.Result, dy[0]!)];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(4 * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, y) = (inputs[0], results[0]);
        Lines(x.Shape, Axis, (start, step, count) =>
        {
            var (max, sum) = (double.NegativeInfinity, 0.0);
            for (var i = 0; i < count; i++) max = Math.Max(max, x[start + (i * step)]);
            for (var i = 0; i < count; i++) sum += y[start + (i * step)] = Math.Exp(x[start + (i * step)] - max);
            for (var i = 0; i < count; i++) y[start + (i * step)] /= sum;
        });
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("axis", Axis);

    internal static Softmax Parse(AttributeReader from) => new(from.Integer("axis"));

    /// <summary>Visits every line along an axis: first offset, distance, number of elements.</summary>
    internal static void Lines(Shape x, int axis, Action<long, long, int> visit)
    {
        var step = x.RowMajorStrides()[axis];
        foreach (var start in Strided.Offsets(x.With(axis, 1), x.RowMajorStrides())) visit(start, step, x[axis]);
    }
}

/// <summary>The gradient of <see cref="Softmax"/>: y, dy → dx = y·(dy − Σ y·dy).</summary>
/// <param name="Axis">That of the softmax.</param>
public sealed record SoftmaxGradient(int Axis) : Op
{
    /// <inheritdoc/>
    public override string Name => "softmax_gradient";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        Check.That(inputs[0] == inputs[1] && inputs[0].DType.IsFloat, this, $"y is {inputs[0]}, dy is {inputs[1]}; wanted the same, of fractions");
        Check.That(Axis >= 0 && Axis < inputs[0].Shape.Rank, this, $"axis {Axis} of y {inputs[0].Shape}; wanted one that it has");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        throw new NotDifferentiableException($"{node}: second derivatives of softmax are not defined");

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(4 * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (y, dy, dx) = (inputs[0], inputs[1], results[0]);
        Softmax.Lines(y.Shape, Axis, (start, step, count) =>
        {
            var sum = 0.0;
            for (var i = 0; i < count; i++) sum += y[start + (i * step)] * dy[start + (i * step)];
            for (var i = 0; i < count; i++) dx[start + (i * step)] = y[start + (i * step)] * (dy[start + (i * step)] - sum);
        });
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("axis", Axis);

    internal static SoftmaxGradient Parse(AttributeReader from) => new(from.Integer("axis"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Softmax"/>; a negative axis counts from the end.</summary>
    public static Value Softmax(this Value x, int axis = -1) => x.Graph.Add(new Softmax(Strided.Axis(axis, x.Shape.Rank)), x);
}
