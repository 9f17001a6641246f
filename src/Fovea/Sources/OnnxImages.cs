using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Sources;

/// <summary>Copies the graph of an ONNX file so that its input are images as Fovea prepares them: normalised, red, green and blue in this order.</summary>
/// <param name="path">The file, for notes.</param>
/// <param name="source">Its graph.</param>
/// <param name="images">The value that takes the images: its input, or what its own normalisation makes of that.</param>
/// <param name="normalisation">How they were normalised; null where nothing says it.</param>
internal sealed class OnnxImages(string path, Graph source, Value images, InputNormalisation? normalisation)
{
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _turned = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, string> _names = new Dictionary<string, string>();

    /// <summary>What was changed, a sentence each.</summary>
    internal IReadOnlyList<string> Notes => _notes;

    private bool IsTurned => normalisation is { IsInOrder: false };

    /// <summary>Copies what a value depends on; variables stand in the order in which they are read.</summary>
    /// <param name="output">The value.</param>
    /// <param name="model">The name of the new graph.</param>
    /// <param name="names">Names for labels.</param>
    /// <returns>The copy of the value.</returns>
    internal Value Copy(Value output, string model, IReadOnlyDictionary<string, string> names)
    {
        _names = names;
        var (graph, to, needed) = (new Graph(model), new Dictionary<Value, Value>(), Needed(output));
        to[images] = Input(graph);
        foreach (var node in source.Nodes)
        {
            if (node.Op is Variable || !needed.Contains(node)) continue;
            foreach (var input in node.Inputs)
                if (input.Variable is { } variable && !to.ContainsKey(input)) to[input] = graph.Declare(variable with { Label = names[variable.Label] });
            var results = graph.AddNode(node.Op, [.. node.Inputs.Select(value => to[value])]).Results;
            for (var i = 0; i < results.Count; i++) to[node.Results[i]] = results[i];
        }

        return to[output];
    }

    /// <summary>The nodes that a value is computed by from the images.</summary>
    private HashSet<Node> Needed(Value output)
    {
        var (needed, open) = (new HashSet<Node>(), new Stack<Value>([output]));
        while (open.TryPop(out var value))
            if (value != images && needed.Add(value.Node))
                foreach (var input in value.Node.Inputs) open.Push(input);
        return needed;
    }

    /// <summary>The weights by their new names; those that the images meet first as the order of channels wants them.</summary>
    internal IEnumerable<(string Name, HostTensor Tensor)> Weights(IReadOnlyDictionary<string, HostTensor> given)
    {
        foreach (var (label, tensor) in given)
            if (_names.TryGetValue(label, out var name)) yield return (name, _turned.Contains(label) ? Turned(tensor) : tensor);
    }

    /// <summary>The input; where filters cannot take its channels in another order, they are put in that order first.</summary>
    private Value Input(Graph graph)
    {
        var input = graph.Input(FoveaModel.InputName, images.Type);
        if (!IsTurned) return input;
        var order = string.Join(", ", normalisation!.Channels.Select(channel => ((string[])["red", "green", "blue"])[channel]));
        _notes.Add($"{path}: takes {order}; it is put in the order of red, green, blue");
        Node[] readers = [.. source.Nodes.Where(node => node.Inputs.Contains(images))];
        if (readers.All(node => node is { Op: Conv2d { Groups: 1 }, Inputs: [_, { UsedOnce: true, Variable: not null }] } && node.Inputs[0] == images))
        {
            foreach (var reader in readers) _turned.Add(reader.Inputs[1].Variable!.Label);
            return input;
        }

        Value[] channels = [.. normalisation.Channels.Select(channel => input.Slice(1, channel, 1))];
        return channels[0].Concat(1, channels.AsSpan(1));
    }

    /// <summary>Filters [K, C, R, S] for channels in the order of the images.</summary>
    private HostTensor Turned(HostTensor filters)
    {
        var (turned, shape) = (new HostTensor(filters.Type), filters.Shape);
        var plane = shape.H * shape.W;
        for (var k = 0; k < shape.N; k++)
            for (var c = 0; c < shape.C; c++)
                filters.Floats.Slice(((k * shape.C) + c) * plane, plane)
                    .CopyTo(turned.Floats.Slice(((k * shape.C) + normalisation!.Channels[c]) * plane, plane));
        return turned;
    }
}
