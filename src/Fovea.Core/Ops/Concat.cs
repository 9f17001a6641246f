using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Tensors one after the other along an axis: x1, x2, … → y. ONNX: Concat. PyTorch: torch.cat.</summary>
/// <param name="Axis">The axis, counted from the outermost; the others are equal.</param>
public sealed record Concat(int Axis) : Op
{
    /// <inheritdoc/>
    public override string Name => "concat";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.That(inputs.Length > 0, this, $"no inputs; wanted at least 1");
        var first = inputs[0];
        Check.That(Axis >= 0 && Axis < first.Shape.Rank, this, $"axis {Axis} of x1 {first.Shape}; wanted one that it has");
        var sum = 0L;
        for (var i = 0; i < inputs.Length; i++)
        {
            var x = inputs[i];
            Check.That(x.Shape.Rank == first.Shape.Rank && x.DType == first.DType && x.Shape.With(Axis, 0) == first.Shape.With(Axis, 0), this,
                $"x1 is {first}, x{i + 1} is {x}; wanted the same but for axis {Axis}");
            sum += x.Shape[Axis];
        }

        return [first with { Shape = first.Shape.With(Axis, sum) }];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        var gradients = new Value?[node.Inputs.Count];
        var start = 0;
        for (var i = 0; i < gradients.Length; i++)
        {
            var size = node.Inputs[i].Shape[Axis];
            gradients[i] = dy[0]!.Slice(Axis, start, size);
            start += size;
        }

        return gradients;
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => Graphs.Cost.OfFlops(0, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var y = results[0];
        var strides = y.Shape.RowMajorStrides();
        var start = 0L;
        foreach (var x in inputs)
        {
            var to = Strided.Offsets(x.Shape, strides, start);
            for (var i = 0; i < to.Length; i++) y[to[i]] = x[i];
            start += x.Shape[Axis] * strides[Axis];
        }
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("axis", Axis);

    internal static Concat Parse(AttributeReader from) => new(from.Integer("axis"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary>The values one after the other along an axis, which counts from the end when negative.</summary>
    public static Value Concat(this Value first, int axis, params ReadOnlySpan<Value> others) =>
        first.Graph.Add(new Concat(Strided.Axis(axis, first.Shape.Rank)), [first, .. others]);
}
