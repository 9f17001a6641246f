using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Quantization;

/// <summary>
/// Computes in fractions what <see cref="HoldIntegers"/> computes in integers, s · clip(round(x / s), low − zero, high − zero), which has gradients: for training,
/// and to see what single layers lose.
/// </summary>
/// <param name="scheme">How tensors are held.</param>
public sealed class SimulateIntegers(QuantizationScheme scheme) : Pass
{
    private Dictionary<Value, TensorQuantization> _held = [];

    /// <inheritdoc/>
    public override string Name => "simulate_integers";

    /// <inheritdoc/>
    public override Graph Apply(Graph source)
    {
        var (points, to) = (scheme.PointsOf(source), new Remap(source));
        _held = points.Activations.ToDictionary(point => point.Value, point => scheme.Activations[point.Name]);
        foreach (var product in points.Products) _held[product.Node.Inputs[1]] = scheme.Weights[product.Name];
        foreach (var node in source.Nodes)
        {
            to.Copy(node);
            if (node.Results.Any(_held.ContainsKey)) to.Set(node, [.. node.Results.Select(one => _held.TryGetValue(one, out var held) ? Held(to[one], held) : to[one])]);
        }

        to.Finish();
        return to.Graph;
    }

    /// <inheritdoc/>
    protected override Value[]? Rewrite(Node node, Remap to) => null;

    private static Value Held(Value x, TensorQuantization held)
    {
        if (held.Zeros.Distinct().Count() > 1) throw new GraphException($"{x.Node}: zero points differ from place to place; wanted one for all, which fractions have a form for");
        var (op, scale) = (held.Op, held.Constants(x.Graph).Scale);
        if (!held.IsPerTensor)
        {
            var extents = Enumerable.Repeat(1, x.Shape.Rank).ToArray();
            extents[op.Axis] = held.Scales.Count;
            scale = scale.Reshape(new Shape(extents));
        }

        return x.Over(scale).Round().Clip(op.Low - held.Zeros[0], op.High - held.Zeros[0]).Times(scale);
    }
}
