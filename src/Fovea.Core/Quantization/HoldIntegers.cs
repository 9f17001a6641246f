using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Quantization;

/// <summary>
/// Holds activations and weights as integers: a quantisation where a value is computed, a dequantisation where it is read. Backends join products with both, so
/// that integers go in and come out. Weights become variables of s8.
/// </summary>
/// <param name="scheme">How they are held.</param>
public sealed class HoldIntegers(QuantizationScheme scheme) : Pass
{
    private Dictionary<Value, TensorQuantization> _activations = [];

    /// <inheritdoc/>
    public override string Name => "hold_integers";

    /// <inheritdoc/>
    public override Graph Apply(Graph source)
    {
        var (points, to) = (scheme.PointsOf(source), new Remap(source));
        _activations = points.Activations.ToDictionary(point => point.Value, point => scheme.Activations[point.Name]);
        foreach (var node in source.Nodes)
        {
            if (node.Op is Variable { Kind: VariableKind.Parameter, Type.DType: DType.Float32 } weight && scheme.Weights.TryGetValue(weight.Label, out var held))
                to.Set(node, [Weight(to.Graph, weight, held)]);
            else to.Copy(node);
            foreach (var result in node.Results)
                if (_activations.TryGetValue(result, out var activation)) to.Set(node, [.. node.Results.Select(one => one == result ? Held(to[one], activation) : to[one])]);
        }

        to.Finish();
        return to.Graph;
    }

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to) => null;

    private static Value Weight(Graph graph, Variable weight, TensorQuantization held)
    {
        var variable = graph.Declare(weight with { Type = weight.Type with { DType = held.Op.DType }, Initial = Initializer.Zeros });
        var (scale, zero) = held.Constants(graph);
        return variable.Dequantize(held.Op, scale, zero);
    }

    private static Value Held(Value value, TensorQuantization held)
    {
        var (scale, zero) = held.Constants(value.Graph);
        return value.Quantize(held.Op, scale, zero).Dequantize(held.Op, scale, zero);
    }
}
