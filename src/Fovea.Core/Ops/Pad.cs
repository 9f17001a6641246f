using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>How many elements to add before and after each axis; compared by content.</summary>
/// <param name="Before">For each axis, how many before the first.</param>
/// <param name="After">For each axis, how many after the last.</param>
public readonly record struct Padding(Shape Before, Shape After)
{
    /// <summary>Padding of one axis of a tensor.</summary>
    public static Padding Of(int rank, int axis, int before, int after)
    {
        var none = new Shape(new int[rank]);
        return new(none.With(axis, before), none.With(axis, after));
    }
}

/// <summary>Adds zeros around x: x → y. ONNX: Pad.</summary>
/// <param name="Padding">How many, and where.</param>
public sealed record Pad(Padding Padding) : Op
{
    /// <inheritdoc/>
    public override string Name => "pad";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        var (x, before, after) = (inputs[0].Shape, Padding.Before, Padding.After);
        Check.That(before.Rank == x.Rank && after.Rank == x.Rank, this, $"x {x} has {x.Rank} axes; before {before} and after {after} want as many numbers");
        var y = x;
        for (var axis = 0; axis < x.Rank; axis++) y = y.With(axis, (long)before[axis] + x[axis] + after[axis]);
        return [inputs[0] with { Shape = y }];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [dy[0]!.Slice(Padding.Before, node.Inputs[0].Shape)];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => Graphs.Cost.OfFlops(0, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, y) = (inputs[0], results[0]);
        var strides = y.Shape.RowMajorStrides();
        var start = 0L;
        for (var axis = 0; axis < strides.Length; axis++) start += Padding.Before[axis] * strides[axis];
        var to = Strided.Offsets(x.Shape, strides, start);
        for (var i = 0; i < to.Length; i++) y[to[i]] = x[i];
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("before", Padding.Before);
        to.Add("after", Padding.After);
    }

    internal static Pad Parse(AttributeReader from) => new(new Padding(from.Shape("before"), from.Shape("after")));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Pad"/>.</summary>
    public static Value Pad(this Value x, Padding padding) => x.Graph.Add(new Pad(padding), x);

    /// <summary>Adds zeros before and after one axis, which counts from the end when negative.</summary>
    public static Value Pad(this Value x, int axis, int before, int after) =>
        x.Pad(Padding.Of(x.Shape.Rank, Strided.Axis(axis, x.Shape.Rank), before, after));
}
