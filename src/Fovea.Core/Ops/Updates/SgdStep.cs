using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>Stochastic gradient descent as PyTorch's optim.SGD: w, g, v, lr [], scale [] → w', v'. Without momentum v and v' are absent.</summary>
/// <remarks>
/// d = scale·g + λ·w; v' = μ·v + (1 − τ)·d; w' = w − lr·(d + μ·v') with Nesterov (Sutskever et al. 2013), otherwise w − lr·v', and
/// w − lr·d without momentum. v starts at 0; PyTorch starts at d, which differs in the first step when dampening is not 0.
/// </remarks>
/// <param name="Momentum">μ, from 0.</param>
/// <param name="Nesterov">Whether to look ahead; wants momentum and no dampening.</param>
/// <param name="WeightDecay">λ.</param>
/// <param name="Dampening">τ.</param>
public sealed record SgdStep(double Momentum = 0, bool Nesterov = false, double WeightDecay = 0, double Dampening = 0) : ParameterUpdate
{
    /// <inheritdoc/>
    public override string Name => "sgd_step";

    private bool HasVelocity => Momentum != 0;

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(HasVelocity ? 5 : 4, inputs.Length, this);
        Check.That(!Nesterov || (HasVelocity && Dampening == 0), this,
            $"Nesterov with momentum {Momentum} and dampening {Dampening}; wanted momentum above 0 and dampening 0");
        Check.That(double.IsFinite(Momentum + WeightDecay + Dampening), this,
            $"momentum {Momentum}, weight decay {WeightDecay}, dampening {Dampening}; wanted finite numbers");
        var tensors = inputs[..^2];
        CheckTensors(tensors, ["w", "g", "v"]);
        CheckNumber(inputs[^2], "lr");
        CheckNumber(inputs[^1], "scale");
        return HasVelocity ? [inputs[0], inputs[2]] : [inputs[0]];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops((HasVelocity ? 7 : 5) * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (w, g, lr, scale) = (inputs[0], inputs[1], inputs[^2].Scalar, inputs[^1].Scalar);
        for (var i = 0; i < w.Elements.Length; i++)
        {
            var d = (scale * g[i]) + (WeightDecay * w[i]);
            if (HasVelocity)
            {
                var v = results[1][i] = (Momentum * inputs[2][i]) + ((1 - Dampening) * d);
                d = Nesterov ? d + (Momentum * v) : v;
            }

            results[0][i] = w[i] - (lr * d);
        }
    }

    /// <inheritdoc/>
    public override void Print(AttributeWriter to)
    {
        to.Add("momentum", Momentum);
        to.Add("nesterov", Nesterov);
        to.Add("weight_decay", WeightDecay);
        to.Add("dampening", Dampening);
    }

    internal static SgdStep Parse(AttributeReader from) =>
        new(from.Number("momentum"), from.Flag("nesterov"), from.Number("weight_decay"), from.Number("dampening"));
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.SgdStep"/> with momentum.</summary>
    public static (Value Weight, Value Velocity) SgdStep(this Value w, Value g, Value velocity, Value rate, Value scale, SgdStep rule)
    {
        var node = w.Graph.AddNode(rule, w, g, velocity, rate, scale);
        return (node.Results[0], node.Results[1]);
    }

    /// <summary><see cref="Ops.SgdStep"/> without momentum.</summary>
    public static Value SgdStep(this Value w, Value g, Value rate, Value scale, SgdStep rule) => w.Graph.Add(rule, w, g, rate, scale);
}
