using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>The same elements in the same row-major order under another shape: x → y. ONNX: Reshape.</summary>
/// <param name="Shape">The shape of the result.</param>
public sealed record Reshape(Shape Shape) : Op
{
    /// <inheritdoc/>
    public override string Name => "reshape";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        var x = inputs[0].Shape;
        Check.That(x.Elements == Shape.Elements, this, $"x {x} has {x.Elements} elements; {Shape} wants {Shape.Elements}");
        return [inputs[0] with { Shape = Shape }];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [dy[0]!.Reshape(node.Inputs[0].Shape)];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => default;

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results) =>
        inputs[0].Elements.CopyTo(results[0].Elements.AsSpan());

    /// <inheritdoc/>
    public override void Print(AttributeWriter to) => to.Add("shape", Shape);

    internal static Reshape Parse(AttributeReader from) => new(from.Shape("shape"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.Reshape"/>; x itself when it has the shape.</summary>
    public static Value Reshape(this Value x, Shape shape) => x.Shape == shape ? x : x.Graph.Add(new Reshape(shape), x);

    /// <summary>[N, …] → [N, the product of the rest]. ONNX: Flatten.</summary>
    public static Value Flatten(this Value x) => x.Reshape(Shape.Of(x.Shape.N, x.Shape.Elements / Math.Max(1, x.Shape.N)));
}
