using Fovea.Analysis;
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

    /// <summary>The numbers that it makes of an image.</summary>
    internal int Classes => Graph.Output(FoveaModel.OutputName).Shape[1];

    /// <summary>Whether these are features, which a classifier is to read, not logits.</summary>
    internal bool MakesFeatures { get; private init; }

    /// <summary>How images become the input, as far as the file says it by what it computes with them first, or another file does; otherwise null.</summary>
    internal InputNormalisation? Normalisation { get; private init; }

    /// <param name="path">The file.</param>
    /// <param name="file">What is in it.</param>
    /// <param name="before">The normalisation of another file, whose result is the input of this one; null where there is none.</param>
    /// <exception cref="ModelFormatException">The file is no classifier of images, and makes no features of them either.</exception>
    internal static OnnxGraph Of(string path, OnnxModel file, InputNormalisation? before = null)
    {
        var source = file.Graph;
        var input = source.Variables.SingleOrDefault(value => value.Variable!.Kind == VariableKind.Input)
            ?? throw new ModelFormatException(path, "graph", "has no input; wanted images [N, C, H, W]");
        if (input.Shape.Rank != 4) throw new ModelFormatException(path, $"input '{input.Variable!.Label}'", $"is {input.Type}; wanted images [N, C, H, W]");
        var (name, output) = OutputOf(path, source);
        var normalisation = before ?? (file.Card is null ? InputNormalisation.Of(source, file.Weights) : null);
        var copied = new OnnxImages(path, source, before is null && normalisation is not null ? normalisation.End : input, normalisation);
        var value = copied.Copy(output, file.Card?.Model ?? Path.GetFileNameWithoutExtension(path), OnnxNames.Of(source));
        if (value.Shape is { Rank: 4 } pixels && pixels.H * pixels.W > 1) value = value.Mean(2, 3);
        value.Graph.Output(FoveaModel.OutputName, value.Flatten());
        var (end, notes) = (new RemoveProbabilities(FoveaModel.OutputName), new List<string>(copied.Notes));
        var graph = new PassDriver().Run(end.Apply(value.Graph), new EliminateDeadNodes());
        if (end.Removed.Count > 0) notes.Add($"{path}: ends in {string.Join(" of ", end.Removed)}, which is taken off: logits come before it");
        var weights = copied.Weights(file.Weights).Where(weight => graph.Find(weight.Name) is not null);
        return new(graph, [.. weights], notes)
        {
            MakesFeatures = file.Card is null && name != FoveaModel.OutputName && end.Removed.Count == 0 && FeatureOutput.Is(output),
            Normalisation = normalisation,
        };
    }

    private static (string Name, Value Value) OutputOf(string path, Graph source)
    {
        var (name, value) = source.FindOutput(FoveaModel.OutputName) is { } logits ? (FoveaModel.OutputName, logits)
            : source.Outputs is [var only] ? only
            : throw new ModelFormatException(
                path, "graph", $"has the outputs {string.Join(", ", source.Outputs.Select(output => Printable.Of(output.Name)))}; wanted one, or one called "
                + $"'{FoveaModel.OutputName}'");
        var isOne = value.Shape.Rank >= 2 && value.Shape[0] == 1 && value.Type.DType == DType.Float32;
        var isVector = isOne && value.Shape.Elements == value.Shape[1];
        return isVector || (isOne && value.Shape.Rank == 4 && FeatureOutput.Is(value))
            ? (name, value)
            : throw new ModelFormatException(path, $"output '{Printable.Of(name)}'", $"is {value.Type}; wanted logits [N, classes]");
    }
}
