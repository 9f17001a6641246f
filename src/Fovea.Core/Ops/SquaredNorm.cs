using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>The sum of the squares of all elements of all inputs: g1, g2, … f32 → f32 []. The square of a gradient's norm.</summary>
public sealed record SquaredNorm : Op
{
    /// <inheritdoc/>
    public override string Name => "squared_norm";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.That(inputs.Length > 0, this, $"no inputs; wanted at least 1");
        for (var i = 0; i < inputs.Length; i++) Check.That(inputs[i].DType == DType.Float32, this, $"g{i + 1} is {inputs[i]}; wanted f32");
        return [TensorType.F32()];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy)
    {
        var twice = dy[0]!.Times(2);
        return [.. node.Inputs.Select(g => g.Times(twice))];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results)
    {
        var elements = 0L;
        foreach (var g in inputs) elements += g.Shape.Elements;
        return Graphs.Cost.OfFlops(2 * elements, inputs, results);
    }

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        foreach (var g in inputs)
            foreach (var x in g.Elements) results[0][0] += x * x;
    }
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.SquaredNorm"/> of at least one value.</summary>
    public static Value SquaredNorm(params ReadOnlySpan<Value> parts) => parts[0].Graph.Add(new SquaredNorm(), parts);
}
