using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet.Layers;

/// <summary>The graph that layers are added to, one after the other.</summary>
/// <param name="graph">The graph.</param>
/// <param name="budget">Bounds what the layers may take.</param>
internal sealed class LayerLowering(Graph graph, GraphBudget budget)
{
    /// <summary>Darknet's epsilon of norms (<c>normalize_cpu</c>).</summary>
    internal const double Epsilon = 1e-5;

    private readonly List<Value> _made = [];
    private int _counted;

    /// <summary>What the layers make that are there already.</summary>
    internal IReadOnlyList<Value> Made => _made;

    /// <summary>Adds a layer.</summary>
    internal Value Add(DarknetLayer layer, Value x)
    {
        var y = layer.Lower(this, x);
        for (; _counted < graph.Nodes.Count; _counted++) budget.Take(graph.Nodes[_counted]);
        _made.Add(y);
        return y;
    }

    /// <summary>A tensor of a layer, declared where it is not yet.</summary>
    internal Value Tensor(LayerTensor tensor) => graph.Find(tensor.Name)
        ?? (tensor.IsTrained ? graph.Parameter(tensor.Name, tensor.Shape, tensor.Initial) : graph.State(tensor.Name, tensor.Shape, tensor.Initial));

    /// <summary>A tensor of numbers that the layer fixes.</summary>
    internal Value Constant(Shape shape, Func<int, float> element)
    {
        budget.TakeDescribed(shape.Elements);
        var numbers = new float[shape.Elements];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = element(i);
        return graph.Constant(HostTensor.Of(shape, numbers));
    }

    /// <summary>A norm with the statistics that a layer keeps, or its biases alone.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="tensors">The layer's, by field.</param>
    /// <param name="momentum">The weight of a batch in the running statistics.</param>
    internal static Value NormOrBiases(Value x, IReadOnlyDictionary<string, Value> tensors, double momentum) => tensors.TryGetValue("scales", out var scales)
        ? x.BatchNorm(scales, tensors["biases"], tensors["rolling_mean"], tensors["rolling_variance"], Epsilon, momentum)
        : x.PlusChannels(tensors["biases"]);

    /// <summary>Tensors declared in their order, by field.</summary>
    internal Dictionary<string, Value> Declared(IReadOnlyList<LayerTensor> tensors) =>
        tensors.ToDictionary(tensor => tensor.Field, Tensor, StringComparer.Ordinal);
}
