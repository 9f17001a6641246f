using Fovea.Darknet.Layers;
using Fovea.Formats;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Darknet;

/// <summary>A network as a graph: <c>input</c> [N, C, H, W] → <c>logits</c> [N, outputs], what the last softmax takes the exponentials of.</summary>
/// <remarks>
/// Variables are named <c>layer.field</c> and stand in the order of a file of weights. As with a model of the catalogue, norms have their running statistics
/// and dropout does nothing until the pass that enters training.
/// </remarks>
public static class DarknetGraph
{
    private const string InputName = "input";
    private const string LogitsName = "logits";

    /// <summary>The inference graph.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">Images at a time, from 1.</param>
    /// <param name="name">The name of the graph.</param>
    /// <exception cref="ModelFormatException">A layer would take more than a graph from a file may.</exception>
    public static Graph Build(DarknetNetwork network, int batch, string name = "darknet")
    {
        var graph = new Graph(name);
        var made = Lower(network, graph, batch, out var x);
        var last = network.Last.Index;
        if (network.Softmax is { } softmax) graph.Output(LogitsName, softmax.Logits(last == 0 ? x : made[last - 1]));
        else graph.Output(LogitsName, made[last].Flatten());
        return graph;
    }

    /// <summary>The inference graph with what each layer makes as an output: <c>layer 0</c>, <c>layer 1</c>, …, [N, C, H, W].</summary>
    /// <inheritdoc cref="Build"/>
    public static Graph BuildLayers(DarknetNetwork network, int batch, string name = "darknet")
    {
        var graph = new Graph(name);
        foreach (var (index, value) in Lower(network, graph, batch, out _, all: true).Index()) graph.Output(LayerName(index), value);
        return graph;
    }

    /// <summary>The name of the output of a layer in <see cref="BuildLayers"/>.</summary>
    public static string LayerName(int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"layer {index}");

    private static IReadOnlyList<Value> Lower(DarknetNetwork network, Graph graph, int batch, out Value x, bool all = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        var input = network.Input;
        var shape = input.IsImage ? new Shape(batch, input.Channels, input.Height, input.Width) : new Shape(batch, input.Elements, 1, 1);
        x = graph.Input(InputName, new TensorType(DType.Float32, shape));
        var at = new LayerLowering(graph, new GraphBudget(GraphLimits.Default));
        var next = x;
        foreach (var layer in network.Layers)
        {
            if (!all && layer == network.Softmax) break;
            next = Add(network, at, layer, next);
        }

        return at.Made;
    }

    private static Value Add(DarknetNetwork network, LayerLowering at, DarknetLayer layer, Value x)
    {
        try
        {
            return at.Add(layer, x);
        }
        catch (Exception e) when (e is GraphException or ShapeException)
        {
            throw new ModelFormatException(network.Cfg.Name, $"line {layer.Line}", $"[{layer.Kind}] {e.Message}", e);
        }
    }
}
