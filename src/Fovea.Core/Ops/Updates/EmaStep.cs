using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Ops;

/// <summary>An exponential moving average of a weight: ema, w, decay [] → decay·ema + (1 − decay)·w.</summary>
public sealed record EmaStep : ParameterUpdate
{
    /// <inheritdoc/>
    public override string Name => "ema_step";

    /// <inheritdoc/>
    public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs)
    {
        Check.Count(3, inputs.Length, this);
        CheckTensors([inputs[1], inputs[0]], ["w", "ema"]);
        CheckNumber(inputs[2], "decay");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) =>
        Graphs.Cost.OfFlops(3 * results[0].Shape.Elements, inputs, results);

    /// <inheritdoc/>
    public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results)
    {
        var (ema, w, decay) = (inputs[0].Elements, inputs[1].Elements, inputs[2].Scalar);
        for (var i = 0; i < w.Length; i++) results[0][i] = (decay * ema[i]) + ((1 - decay) * w[i]);
    }
}

/// <summary>Builders of nodes.</summary>
public static partial class Nodes
{
    /// <summary><see cref="Ops.EmaStep"/>.</summary>
    public static Value EmaStep(this Value ema, Value w, Value decay) => ema.Graph.Add(new EmaStep(), ema, w, decay);
}
