using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Formats.Onnx;
using Fovea.Graphs;
using Fovea.Naming;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Sources;

/// <summary>
/// The graph of an ONNX file as a model's: <c>input</c> [N, C, H, W] → <c>logits</c> [N, classes], weights under names that training can keep.
/// </summary>
/// <param name="Graph">The graph, called as the model.</param>
/// <param name="Weights">Its weights.</param>
/// <param name="Notes">What was changed, a sentence each.</param>
internal sealed record OnnxGraph(Graph Graph, IReadOnlyList<(string Name, HostTensor Tensor)> Weights, IReadOnlyList<string> Notes)
{
    internal Shape Images => Graph.Variable(FoveaModel.InputName).Shape;

    internal int Classes => Graph.Output(FoveaModel.OutputName).Shape[1];

    /// <exception cref="ModelFormatException">The file is no classifier of images.</exception>
    internal static OnnxGraph Of(string path, OnnxModel file)
    {
        var source = file.Graph;
        var input = source.Variables.SingleOrDefault(value => value.Variable!.Kind == VariableKind.Input)
            ?? throw new ModelFormatException(path, "graph", "has no input; wanted images [N, C, H, W]");
        if (input.Shape.Rank != 4) throw new ModelFormatException(path, $"input '{input.Variable!.Label}'", $"is {input.Type}; wanted images [N, C, H, W]");
        var output = OutputOf(path, source);
        var names = Names(source);
        var graph = new Graph(file.Card?.Model ?? Path.GetFileNameWithoutExtension(path));
        var to = new Dictionary<Value, Value>();
        foreach (var node in source.Nodes)
        {
            var results = node.Op is Variable variable
                ? [graph.Declare(variable with { Label = names[variable.Label] })]
                : graph.AddNode(node.Op, [.. node.Inputs.Select(value => to[value])]).Results;
            for (var i = 0; i < results.Count; i++) to[node.Results[i]] = results[i];
        }

        graph.Output(FoveaModel.OutputName, to[output].Flatten());
        var end = new RemoveProbabilities(FoveaModel.OutputName);
        graph = end.Apply(graph);
        var removed = string.Join(" of ", end.Removed);
        string[] notes = removed.Length == 0 ? [] : [$"{path}: ends in {removed}, which is taken off: logits come before it"];
        graph = new PassDriver().Run(graph, new EliminateDeadNodes());
        var weights = file.Weights.Select(weight => (Name: names[weight.Key], weight.Value)).Where(weight => graph.Find(weight.Name) is not null);
        return new(graph, [.. weights], notes);
    }

    private static Value OutputOf(string path, Graph source)
    {
        var (name, value) = source.FindOutput(FoveaModel.OutputName) is { } logits ? (FoveaModel.OutputName, logits)
            : source.Outputs is [var only] ? only
            : throw new ModelFormatException(
                path, "graph", $"has the outputs {string.Join(", ", source.Outputs.Select(output => Printable.Of(output.Name)))}; wanted one, or one called "
                + $"'{FoveaModel.OutputName}'");
        var isVector = value.Shape.Rank >= 2 && value.Shape[0] == 1 && value.Shape.Elements == value.Shape[1] && value.Type.DType == DType.Float32;
        return isVector ? value : throw new ModelFormatException(path, $"output '{Printable.Of(name)}'", $"is {value.Type}; wanted logits [N, classes]");
    }

    /// <summary>
    /// Labels by those of the file. Strokes are the mark of slots, and inputs of a step have names without dots: weights have none of the former, and one of
    /// the latter.
    /// </summary>
    private static Dictionary<string, string> Names(Graph source)
    {
        var (names, taken) = (new Dictionary<string, string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var variable in source.Variables.Select(value => value.Variable!))
        {
            var name = variable.Kind == VariableKind.Input ? FoveaModel.InputName : variable.Label.Replace('/', '.').Trim('.');
            if (variable.Kind != VariableKind.Input && !name.Contains('.', StringComparison.Ordinal)) name = $"weights.{name}";
            var unique = name;
            for (var i = 2; !taken.Add(unique); i++) unique = $"{name}_{i}";
            names.Add(variable.Label, unique);
        }

        return names;
    }
}
