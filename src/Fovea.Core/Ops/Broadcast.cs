using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Repeats x along the axes that it lacks or has with extent 1, by numpy's rule: x → y. ONNX: Expand.</summary>
/// <param name="Shape">The shape of the result.</param>
public sealed record Broadcast(Shape Shape) : Op
{
    /// <inheritdoc/>
    public override string Name => "broadcast";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        Check.That(Strided.Join(inputs[0].Shape, Shape) == Shape, this,
            $"x {inputs[0].Shape} does not broadcast to {Shape}; wanted extents that agree or are 1, from the last axis");
        return [inputs[0] with { Shape = Shape }];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [dy[0]!.SumTo(node.Inputs[0].Shape)];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => Graphs.Cost.OfFlops(0, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, y) = (inputs[0], results[0].Elements);
        var from = Strided.Offsets(Shape, Strided.BroadcastStrides(x.Shape, Shape));
        for (var i = 0; i < y.Length; i++) y[i] = x[from[i]];
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("shape", Shape);

    internal static Broadcast Parse(AttributeReader from) => new(from.Shape("shape"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Broadcast"/>; x itself when it has the shape.</summary>
    public static Value BroadcastTo(this Value x, Shape shape) => x.Shape == shape ? x : x.Graph.Add(new Broadcast(shape), x);
}
