using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>Batch normalisation and ReLU in one pass over memory: x, γ, β → max(norm(x), 0), mean, variance.</summary>
/// <remarks>The plan keeps a bit mask of where the ReLU passed, for <see cref="BatchNormReluGradient"/>.</remarks>
internal sealed record BatchNormReluTraining(BatchNormTraining Norm) : Op
{
    public override string Name => "batch_norm_relu_training";

    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => Norm.Infer(inputs);

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => Norm.Cost(inputs, results);

    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        Norm.Evaluate(inputs, results);
        foreach (ref var y in results[0].Elements.AsSpan()) y = Math.Max(y, 0);
    }

    public override void Print(AttributeWriter to) => Norm.Print(to);
}

/// <summary>The gradient of <see cref="BatchNormReluTraining"/>: x, γ, β, mean, variance, y, dy → dx, dγ, dβ.</summary>
internal sealed record BatchNormReluGradient(BatchNormGradient Norm) : Op
{
    public override string Name => "batch_norm_relu_gradient";

    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(7, inputs.Length, this);
        Check.That(inputs[5] == inputs[0], this, $"y is {inputs[5]}, x is {inputs[0]}; wanted the same");
        return Norm.Infer([.. inputs[..5], inputs[6]]);
    }

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Norm.Cost([.. inputs[..5], inputs[6]], results);

    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var masked = new OracleTensor(inputs[6].Shape, [.. inputs[6].Elements]);
        for (var i = 0; i < masked.Elements.Length; i++)
            if (inputs[5][i] <= 0) masked[i] = 0;
        Norm.Evaluate([inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], masked], results);
    }

    public override void Print(AttributeWriter to) => Norm.Print(to);
}
