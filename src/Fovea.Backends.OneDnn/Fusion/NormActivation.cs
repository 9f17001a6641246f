using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Fusion;

/// <summary>Batch normalisation by the batch's statistics, through a pointwise function: x, γ, β → f(norm(x)), mean, variance.</summary>
/// <remarks>Nothing is kept for the gradient: it normalises x again, which costs no memory traffic.</remarks>
/// <param name="Epsilon">ε.</param>
/// <param name="Activation">f, with f(0) = 0.</param>
internal sealed record NormActivation(double Epsilon, Pointwise Activation) : Op
{
    public override string Name => "norm_activation";

    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => new BatchNormTraining(Epsilon).Infer(inputs);

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(8 * results[0].Shape.Elements, inputs, results);

    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        new BatchNormTraining(Epsilon).Evaluate(inputs, results);
        foreach (ref var element in results[0].Elements.AsSpan()) element = Activation.Function(element);
    }

    public override void Print(AttributeWriter to)
    {
        to.Add("epsilon", Epsilon);
        Fused.PrintActivation(to, Activation);
    }
}

/// <summary>The gradient of <see cref="NormActivation"/>: x, γ, β, mean, variance, dy → dx, dγ, dβ.</summary>
/// <param name="Epsilon">ε.</param>
/// <param name="Activation">The function, whose derivative is one of its argument.</param>
internal sealed record NormActivationGradient(double Epsilon, Pointwise Activation) : Op
{
    public override string Name => "norm_activation_gradient";

    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => new BatchNormGradient(Epsilon).Infer(inputs);

    public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => throw Fused.NoGradient(node);

    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(14 * results[0].Shape.Elements, inputs, results);

    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (x, gamma, beta, mean, variance, dy) = (inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], inputs[5]);
        var dz = new OracleTensor(dy.Shape);
        var plane = x.Shape.Elements / Math.Max(1, x.Shape.N * (long)x.Shape.C);
        for (var i = 0L; i < dz.Elements.Length; i++)
        {
            var c = i / plane % x.Shape.C;
            dz[i] = dy[i] * Activation.Derivative((gamma[c] * (x[i] - mean[c]) / Math.Sqrt(variance[c] + Epsilon)) + beta[c]);
        }

        new BatchNormGradient(Epsilon).Evaluate([x, gamma, beta, mean, variance, dz], results);
    }

    public override void Print(AttributeWriter to)
    {
        to.Add("epsilon", Epsilon);
        Fused.PrintActivation(to, Activation);
    }
}
