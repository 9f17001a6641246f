using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>AdamW (Loshchilov and Hutter 2017, arXiv:1711.05101): w, g, m, v, lr [], step s32 [1], scale [] → w', m', v'.</summary>
/// <remarks>
/// d = scale·g; m' = β₁·m + (1 − β₁)·d; v' = β₂·v + (1 − β₂)·d²; w' = (1 − lr·λ)·w − lr·m̂/(√v̂ + ε) with m̂ = m'/(1 − β₁ᵗ),
/// v̂ = v'/(1 − β₂ᵗ), t the step counted from 1. PyTorch: optim.AdamW.
/// </remarks>
/// <param name="Beta1">β₁; PyTorch's default is 0.9.</param>
/// <param name="Beta2">β₂; PyTorch's default is 0.999.</param>
/// <param name="Epsilon">ε; PyTorch's default is 1e-8.</param>
/// <param name="WeightDecay">λ; PyTorch's default is 0.01.</param>
public sealed record AdamWStep(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0.01) : ParameterUpdate
{
    /// <inheritdoc/>
    public override string Name => "adamw_step";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(7, inputs.Length, this);
        Check.That(double.IsFinite(Beta1 + Beta2 + Epsilon + WeightDecay), this,
            $"beta1 {Beta1}, beta2 {Beta2}, epsilon {Epsilon}, weight decay {WeightDecay}; wanted finite numbers");
        CheckTensors(inputs[..4], ["w", "g", "m", "v"]);
        CheckNumber(inputs[4], "lr");
        Check.That(inputs[5] == new TensorType(DType.Int32, new Shape(1)), this, $"step is {inputs[5]}; wanted s32[1]");
        CheckNumber(inputs[6], "scale");
        return [inputs[0], inputs[2], inputs[3]];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(14 * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (w, g, m, v) = (inputs[0], inputs[1], inputs[2], inputs[3]);
        var (lr, t, scale) = (inputs[4].Scalar, inputs[5].Scalar, inputs[6].Scalar);
        var (correction1, correction2) = (1 - Math.Pow(Beta1, t), 1 - Math.Pow(Beta2, t));
        for (var i = 0; i < w.Elements.Length; i++)
        {
            var d = scale * g[i];
            var mean = results[1][i] = (Beta1 * m[i]) + ((1 - Beta1) * d);
            var square = results[2][i] = (Beta2 * v[i]) + ((1 - Beta2) * d * d);
            results[0][i] = ((1 - (lr * WeightDecay)) * w[i]) - (lr * mean / correction1 / (Math.Sqrt(square / correction2) + Epsilon));
        }
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("beta1", Beta1);
        to.Add("beta2", Beta2);
        to.Add("epsilon", Epsilon);
        to.Add("weight_decay", WeightDecay);
    }

    internal static AdamWStep Parse(AttributeReader from) =>
        new(from.Number("beta1"), from.Number("beta2"), from.Number("epsilon"), from.Number("weight_decay"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.AdamWStep"/>.</summary>
    public static (Value Weight, Value Mean, Value Square) AdamWStep(
        this Value w, Value g, Value mean, Value square, Value rate, Value step, Value scale, AdamWStep rule)
    {
        var node = w.Graph.AddNode(rule, w, g, mean, square, rate, step, scale);
        return (node.Results[0], node.Results[1], node.Results[2]);
    }
}
