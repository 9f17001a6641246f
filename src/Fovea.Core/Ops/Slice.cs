using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Every step-th element from a start along each axis: x → y. ONNX: Slice. PyTorch: x[a:b:step, …].</summary>
/// <param name="Starts">For each axis, the first element.</param>
/// <param name="Sizes">For each axis, how many elements: the shape of the result.</param>
/// <param name="Steps">For each axis, the distance between elements, from 1.</param>
public sealed record Slice(Shape Starts, Shape Sizes, Shape Steps) : Op
{
    /// <inheritdoc/>
    public override string Name => "slice";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        Validate(this, inputs[0].Shape, Starts, Sizes, Steps);
        return [inputs[0] with { Shape = Sizes }];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) =>
        [node.Graph.Add(new SliceGradient(Starts, Steps, node.Inputs[0].Shape), dy[0]!)];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => Graphs.Cost.OfFlops(0, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, y) = (inputs[0], results[0]);
        var from = Offsets(x.Shape, Starts, Sizes, Steps);
        for (var i = 0; i < from.Length; i++) y[i] = x[from[i]];
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("starts", Starts);
        to.Add("sizes", Sizes);
        to.Add("steps", Steps);
    }

    internal static Slice Parse(AttributeReader from) => new(from.Shape("starts"), from.Shape("sizes"), from.Shape("steps"));

    internal static void Validate(Op op, Shape x, Shape starts, Shape sizes, Shape steps)
    {
        Check.That(starts.Rank == x.Rank && sizes.Rank == x.Rank && steps.Rank == x.Rank, op,
            $"x {x} has {x.Rank} axes; starts {starts}, sizes {sizes} and steps {steps} want as many numbers");
        for (var axis = 0; axis < x.Rank; axis++)
        {
            Check.That(steps[axis] > 0, op, $"steps {steps}; wanted at least 1");
            Check.That(steps[axis] <= GraphLimits.Window, op, $"steps {steps}; wanted at most {GraphLimits.Window}");
            var last = starts[axis] + ((sizes[axis] - 1L) * steps[axis]);
            Check.That(sizes[axis] == 0 || last < x[axis], op,
                $"axis {axis} of x {x} has {x[axis]} elements; start {starts[axis]}, size {sizes[axis]}, step {steps[axis]} want {last + 1}");
        }
    }

    internal static long[] Offsets(Shape x, Shape starts, Shape sizes, Shape steps)
    {
        var strides = x.RowMajorStrides();
        var start = 0L;
        for (var axis = 0; axis < strides.Length; axis++)
        {
            start += starts[axis] * strides[axis];
            strides[axis] *= steps[axis];
        }

        return Strided.Offsets(sizes, strides, start);
    }
}

/// <summary>The gradient of <see cref="Slice"/>: dy → dx, which is zero where nothing was taken.</summary>
/// <param name="Starts">Those of the slice.</param>
/// <param name="Steps">Those of the slice.</param>
/// <param name="X">The shape of the argument of the slice.</param>
public sealed record SliceGradient(Shape Starts, Shape Steps, Shape X) : Op
{
    /// <inheritdoc/>
    public override string Name => "slice_gradient";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        Slice.Validate(this, X, Starts, inputs[0].Shape, Steps);
        return [inputs[0] with { Shape = X }];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [dy[0]!.Slice(Starts, node.Inputs[0].Shape, Steps)];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => Graphs.Cost.OfFlops(0, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (dy, dx) = (inputs[0], results[0]);
        var to = Slice.Offsets(X, Starts, dy.Shape, Steps);
        for (var i = 0; i < to.Length; i++) dx[to[i]] = dy[i];
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("starts", Starts);
        to.Add("steps", Steps);
        to.Add("x", X);
    }

    internal static SliceGradient Parse(AttributeReader from) => new(from.Shape("starts"), from.Shape("steps"), from.Shape("x"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Slice"/>; without steps every element.</summary>
    public static Value Slice(this Value x, Shape starts, Shape sizes, Shape? steps = null) =>
        x.Graph.Add(new Slice(starts, sizes, steps ?? Ones(x.Shape.Rank)), x);

    /// <summary>A slice along one axis, which counts from the end when negative; the others stay whole.</summary>
    public static Value Slice(this Value x, int axis, int start, int size, int step = 1)
    {
        axis = Strided.Axis(axis, x.Shape.Rank);
        var zeros = new Shape(new int[x.Shape.Rank]);
        return x.Slice(zeros.With(axis, start), x.Shape.With(axis, size), Ones(x.Shape.Rank).With(axis, step));
    }

    private static Shape Ones(int rank)
    {
        Span<int> ones = stackalloc int[rank];
        ones.Fill(1);
        return new(ones);
    }
}
