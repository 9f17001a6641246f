using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>A matrix product with what its primitive does before it stores: a, b[, bias [N]] → activation(a·b + bias).</summary>
/// <param name="Product">The product.</param>
/// <param name="HasBias">Whether a bias follows, added to every row.</param>
/// <param name="Activation">The pointwise function at the end, or null.</param>
internal sealed record FusedMatMul(MatMul Product, bool HasBias, Pointwise? Activation) : Op
{
    public override string Name => "fused_mat_mul";

    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(HasBias ? 3 : 2, inputs.Length, this);
        var y = Product.Infer(inputs[..2]);
        if (HasBias) Check.That(inputs[2] == TensorType.F32(y[0].Shape[y[0].Shape.Rank - 1]), this,
            $"bias is {inputs[2]}; wanted one number a column of {y[0]}");
        return y;
    }

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => Product.Cost(inputs[..2], results);

    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        Product.Evaluate(inputs[..2], results);
        var y = results[0];
        var columns = y.Shape[y.Shape.Rank - 1];
        for (var i = 0; i < y.Elements.Length; i++)
        {
            if (HasBias) y[i] += inputs[2][i % columns];
            if (Activation is not null) y[i] = Activation.Function(y[i]);
        }
    }

    public override void Print(AttributeWriter to)
    {
        Product.Print(to);
        Fused.PrintActivation(to, Activation);
    }
}
