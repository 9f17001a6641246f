using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>x → x, through which no gradient passes: what follows takes x for a constant. PyTorch: Tensor.detach.</summary>
public sealed record StopGradient : Op
{
    /// <inheritdoc/>
    public override string Name => "stop_gradient";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(1, inputs.Length, this);
        Check.That(inputs[0].DType.IsFloat, this, $"x is {inputs[0]}; wanted fractions");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [null];

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => default;

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results) =>
        inputs[0].Elements.CopyTo(results[0].Elements.AsSpan());
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.StopGradient"/>.</summary>
    public static Value StopGradient(this Value x) => x.Graph.Add(new StopGradient(), x);
}
