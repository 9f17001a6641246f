using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>An order of axes; compared by content.</summary>
public readonly record struct Permutation
{
    private readonly ulong _packed;

    /// <summary>Axis i of the result is axis <paramref name="axes"/>[i] of the argument.</summary>
    /// <exception cref="ShapeException">An axis is missing or comes twice.</exception>
    public Permutation(params ReadOnlySpan<int> axes)
    {
        if (axes.Length > Shape.MaxRank) throw new ShapeException($"an order of {axes.Length} axes; wanted at most {Shape.MaxRank}");
        Rank = axes.Length;
        var seen = new AxisSet();
        for (var i = 0; i < axes.Length; i++)
        {
            seen = seen.With(axes[i]);
            _packed |= (ulong)axes[i] << (4 * i);
        }

        if (seen != AxisSet.All(Rank)) throw new ShapeException($"[{string.Join(", ", axes.ToArray())}] is no order of {Rank} axes");
    }

    /// <summary>The number of axes.</summary>
    public int Rank { get; }

    /// <summary>The order that undoes this one.</summary>
    public Permutation Inverse
    {
        get
        {
            Span<int> axes = stackalloc int[Rank];
            for (var i = 0; i < Rank; i++) axes[this[i]] = i;
            return new(axes);
        }
    }

    /// <summary>The axis of the argument that becomes axis <paramref name="i"/>.</summary>
    public int this[int i] => (int)(_packed >> (4 * i)) & 15;

    /// <summary>The axes as a new array.</summary>
    public int[] ToArray()
    {
        var axes = new int[Rank];
        for (var i = 0; i < Rank; i++) axes[i] = this[i];
        return axes;
    }

    /// <summary>For example <c>[0, 2, 3, 1]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", ToArray())}]";
}

/// <summary>Reorders axes: x → y. ONNX: Transpose. PyTorch: permute.</summary>
/// <param name="Order">Which axis of x comes where.</param>
public sealed record Transpose(Permutation Order) : Op
{
    /// <inheritdoc/>
    public override string Name => "transpose";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        var x = inputs[0].Shape;
        Check.That(x.Rank == Order.Rank, this, $"x {x} has {x.Rank} axes; the order {Order} wants {Order.Rank}");
        Span<int> extents = stackalloc int[x.Rank];
        for (var axis = 0; axis < x.Rank; axis++) extents[axis] = x[Order[axis]];
        return [inputs[0] with { Shape = new Shape(extents) }];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [node.Graph.Add(new Transpose(Order.Inverse), dy[0]!)];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => Graphs.Cost.OfFlops(0, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, y) = (inputs[0], results[0]);
        var own = x.Shape.RowMajorStrides();
        var strides = new long[own.Length];
        for (var axis = 0; axis < own.Length; axis++) strides[axis] = own[Order[axis]];
        var from = Strided.Offsets(y.Shape, strides);
        for (var i = 0; i < from.Length; i++) y[i] = x[from[i]];
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("order", Order.ToArray());

    internal static Transpose Parse(AttributeReader from) => new(new Permutation(from.Integers("order")));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary>Axis i of the result is axis <paramref name="axes"/>[i] of x.</summary>
    public static Value Transpose(this Value x, params ReadOnlySpan<int> axes) => x.Graph.Add(new Transpose(new Permutation(axes)), x);
}
