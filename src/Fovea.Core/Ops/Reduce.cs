using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>How <see cref="Reduce"/> makes one number of many.</summary>
public enum ReduceKind
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their arithmetic mean.</summary>
    Mean,

    /// <summary>The largest; its gradient is shared evenly among equals, as in PyTorch's amax.</summary>
    Max,
}

/// <summary>Sum, mean or maximum over axes: x → y. ONNX: ReduceSum, ReduceMean, ReduceMax.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Axes">The axes that vanish; at least one.</param>
/// <param name="KeepDims">Whether they stay with extent 1.</param>
public sealed record Reduce(ReduceKind Kind, AxisSet Axes, bool KeepDims = false) : Op
{
    /// <inheritdoc/>
    public override string Name => "reduce";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        var x = inputs[0];
        Check.That(x.DType.IsFloat, this, $"x is {x}; wanted fractions");
        Check.That(!Axes.IsEmpty && Axes.Mask >> x.Shape.Rank == 0, this, $"axes {Axes} of x {x.Shape}; wanted at least one, and those that it has");
        var kept = Kept(x.Shape);
        return [x with { Shape = KeepDims ? kept : Squeeze(x.Shape) }];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        var x = node.Inputs[0];
        var spread = dy[0]!.Reshape(Kept(x.Shape));
        if (Kind == ReduceKind.Sum) return [spread.BroadcastTo(x.Shape)];
        if (Kind == ReduceKind.Mean) return [spread.Times(1.0 / Count(x.Shape)).BroadcastTo(x.Shape)];
        var mask = x.AtLeast(node.Result.Reshape(Kept(x.Shape)));
        var ties = node.Graph.Add(new Reduce(ReduceKind.Sum, Axes, KeepDims: true), mask);
        return [mask.Times(spread.Over(ties))];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(inputs[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, y) = (inputs[0], results[0].Elements);
        var target = Strided.Offsets(x.Shape, Strided.BroadcastStrides(Kept(x.Shape), x.Shape));
        if (Kind == ReduceKind.Max) Array.Fill(y, double.NegativeInfinity);
        for (var i = 0; i < target.Length; i++)
        {
            ref var sum = ref y[target[i]];
            sum = Kind == ReduceKind.Max ? Math.Max(sum, x[i]) : sum + x[i];
        }

        if (Kind != ReduceKind.Mean) return;
        for (var i = 0; i < y.Length; i++) y[i] /= Count(x.Shape);
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("kind", Kind switch { ReduceKind.Sum => "sum", ReduceKind.Mean => "mean", _ => "max" });
        to.Add("axes", Axes.ToArray());
        to.Add("keep_dims", KeepDims);
    }

    internal static Reduce Parse(AttributeReader from)
    {
        var kind = from.Word("kind") switch
        {
            "sum" => ReduceKind.Sum,
            "mean" => ReduceKind.Mean,
            "max" => ReduceKind.Max,
            var word => throw new GraphException($"reduce: the kind '{word}'; wanted sum, mean or max"),
        };
        return new(kind, AxisSet.Of(from.Integers("axes")), from.Flag("keep_dims"));
    }

    /// <summary>The number of elements that make one.</summary>
    private long Count(Shape x)
    {
        var count = 1L;
        foreach (var axis in Axes.ToArray()) count *= x[axis];
        return count;
    }

    private Shape Kept(Shape x)
    {
        foreach (var axis in Axes.ToArray()) x = x.With(axis, 1);
        return x;
    }

    private Shape Squeeze(Shape x)
    {
        var extents = new List<int>();
        for (var axis = 0; axis < x.Rank; axis++)
            if (!Axes.Contains(axis)) extents.Add(x[axis]);
        return new([.. extents]);
    }
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary>The sum over the given axes, which vanish; over all when none is given. Negative axes count from the end.</summary>
    public static Value Sum(this Value x, params ReadOnlySpan<int> axes) => Reduced(x, ReduceKind.Sum, axes);

    /// <summary>The mean over the given axes, which vanish; over all when none is given. Negative axes count from the end.</summary>
    public static Value Mean(this Value x, params ReadOnlySpan<int> axes) => Reduced(x, ReduceKind.Mean, axes);

    /// <summary>The maximum over the given axes, which vanish; over all when none is given. Negative axes count from the end.</summary>
    public static Value Max(this Value x, params ReadOnlySpan<int> axes) => Reduced(x, ReduceKind.Max, axes);

    private static Value Reduced(Value x, ReduceKind kind, ReadOnlySpan<int> axes)
    {
        if (x.Shape.Rank == 0) return x;
        var set = axes.IsEmpty ? AxisSet.All(x.Shape.Rank) : new AxisSet();
        foreach (var axis in axes) set = set.With(Strided.Axis(axis, x.Shape.Rank));
        return x.Graph.Add(new Reduce(kind, set), x);
    }
}
