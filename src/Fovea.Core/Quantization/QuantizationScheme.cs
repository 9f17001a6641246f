using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Quantization;

/// <summary>How the tensors of a graph are held as integers, by the names of <see cref="QuantizationPoints"/>.</summary>
/// <param name="Activations">Of activations.</param>
/// <param name="Weights">Of the weights of products; products whose weights are not among them stay in fractions.</param>
public sealed record QuantizationScheme(
    IReadOnlyDictionary<string, TensorQuantization> Activations, IReadOnlyDictionary<string, TensorQuantization> Weights)
{
    /// <summary>The points of a graph that the scheme is for.</summary>
    /// <exception cref="GraphException">It lacks an activation that the graph holds as integers.</exception>
    public QuantizationPoints PointsOf(Graph graph)
    {
        var points = QuantizationPoints.Of(graph, weight => !Weights.ContainsKey(weight));
        foreach (var point in points.Activations)
            if (!Activations.ContainsKey(point.Name))
                throw new GraphException($"{point.Value.Node}: the scheme has no scale for '{point.Name}'; wanted one that was calibrated on this graph");
        return points;
    }

    /// <summary>The weights of a graph whose products are integers: those of the products as integers, the others as they are.</summary>
    public IReadOnlyDictionary<string, HostTensor> Apply(IReadOnlyDictionary<string, HostTensor> weights) => weights.ToDictionary(
        entry => entry.Key, entry => Weights.TryGetValue(entry.Key, out var held) ? held.Integers(entry.Value) : entry.Value, StringComparer.Ordinal);
}
