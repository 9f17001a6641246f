using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>A function of two numbers, applied to every pair of elements: a, b → y.</summary>
/// <remarks>
/// Shapes broadcast by numpy's rule: aligned at the last axis, where one is missing or 1 it repeats. Both have the same element type,
/// which is that of the result.
/// </remarks>
public abstract record Binary : Op
{
    /// <summary>The function.</summary>
    public abstract double Function(double a, double b);

    /// <inheritdoc/>
    public sealed override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2, inputs.Length, this);
        var (a, b) = (inputs[0], inputs[1]);
        Check.That(a.DType == b.DType && a.DType.IsFloat, this, $"a is {a}, b is {b}; wanted fractions of the same type (cast one)");
        var shape = Strided.Join(a.Shape, b.Shape);
        Check.That(shape is not null, this, $"a {a.Shape} and b {b.Shape} do not broadcast; wanted extents that agree or are 1, from the last axis");
        return [new TensorType(a.DType, shape.Value)];
    }

    /// <inheritdoc/>
    public sealed override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public sealed override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (a, b, y, shape) = (inputs[0].Elements, inputs[1].Elements, results[0].Elements, results[0].Shape);
        var i = Strided.Offsets(shape, Strided.BroadcastStrides(inputs[0].Shape, shape));
        var j = Strided.Offsets(shape, Strided.BroadcastStrides(inputs[1].Shape, shape));
        for (var k = 0; k < y.Length; k++) y[k] = Function(a[i[k]], b[j[k]]);
    }
}
