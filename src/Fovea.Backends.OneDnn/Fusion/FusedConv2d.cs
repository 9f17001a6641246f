using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>A convolution with what its primitive does before it stores: x, w[, b][, s] → activation(conv(x, w) + b + s).</summary>
/// <param name="Conv">The convolution.</param>
/// <param name="HasBias">Whether b [K] follows.</param>
/// <param name="HasSum">Whether s, of the result's type, follows.</param>
/// <param name="Activation">The pointwise function at the end, or null.</param>
internal sealed record FusedConv2d(Conv2d Conv, bool HasBias, bool HasSum, Pointwise? Activation) : Op
{
    public override string Name => "fused_conv2d";

    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(2 + (HasBias ? 1 : 0) + (HasSum ? 1 : 0), inputs.Length, this);
        var y = Conv.Infer(inputs[..2]);
        if (HasBias) Check.That(inputs[2] == TensorType.F32(y[0].Shape.C), this, $"b is {inputs[2]}; wanted {TensorType.F32(y[0].Shape.C)}");
        if (HasSum) Check.That(inputs[^1] == y[0], this, $"s is {inputs[^1]}; wanted {y[0]}");
        return y;
    }

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => Conv.Cost(inputs[..2], results);

    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        Conv.Evaluate(inputs[..2], results);
        var y = results[0];
        var plane = y.Shape.H * (long)y.Shape.W;
        for (var i = 0L; i < y.Elements.Length; i++)
        {
            if (HasBias) y[i] += inputs[2][i / plane % y.Shape.C];
            if (HasSum) y[i] += inputs[^1][i];
            if (Activation is not null) y[i] = Activation.Function(y[i]);
        }
    }

    public override void Print(AttributeWriter to)
    {
        Conv.Print(to);
        Fused.PrintActivation(to, Activation);
    }
}
