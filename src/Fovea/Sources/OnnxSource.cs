using Fovea.Formats;
using Fovea.Formats.Onnx;
using Fovea.Graphs;
using Fovea.Images;
using Fovea.Naming;

namespace Fovea.Sources;

/// <summary>An ONNX file, of Fovea or of any other program.</summary>
public sealed record OnnxSource : ModelSource
{
    private const int UsualSide = 224;

    /// <inheritdoc/>
    public override string What => $"an ONNX model ({OnnxFile.Extension})";

    /// <inheritdoc/>
    public override bool Takes(string place) => EndsIn(place, OnnxFile.Extension);

    /// <inheritdoc/>
    public override LoadedModel Load(string place, LoadOptions? options = null)
    {
        CheckFile(place);
        var file = Read(place, options?.Images?.ImageSize);
        var before = Before(place, file, options?.Preprocess ?? "");
        var graph = OnnxGraph.Of(place, file, before?.Found);
        var images = graph.Images;
        if (images.C is not (1 or 3))
            throw new ModelFormatException(place, "graph", $"takes {images}; wanted images [N, C, H, W] of 1 channel (grey) or 3 (red, green, blue)");
        var preprocessing = file.Card?.Input ?? graph.Normalisation?.Preprocessing ?? Usual(images.C);
        var isSquare = images.H == images.W;
        preprocessing = preprocessing with { Height = images.H, Width = images.W, Fit = isSquare ? preprocessing.Fit : Fit.Stretch };
        if (preprocessing.Channels != images.C)
            throw new ModelFormatException(place, "fovea.preprocessing", $"is for {Amount.Of(preprocessing.Channels, "channel")}; the graph takes {images}");
        var model = new LoadedModel
        {
            Name = graph.Graph.Name,
            Origin = place,
            Build = form => graph.Graph.In(form),
            Tensors = graph.Weights,
            ClassCount = graph.Classes,
            MakesFeatures = graph.MakesFeatures,
            Classes = ClassesOf(place, file, graph.Classes),
            Split = file.Card?.Split,
            Preprocessing = preprocessing,
            Notes = FoldedNorms.Of(place, graph.Graph),
        }.Prepared(options?.Images);
        foreach (var note in graph.Notes) options?.Note?.Invoke(note);
        if (before is not null) options?.Note?.Invoke(before.Note);
        else if (graph.Normalisation is { } own) options?.Note?.Invoke(new OnnxPreprocess(place, own).Note);
        else if (file.Card is null)
            options?.Note?.Invoke($"{place}: does not say how images become its input; taken is {model.Preprocessing}");
        return model;
    }

    /// <summary>The file that prepares images for this one: the one that is named, or else one that stands beside it.</summary>
    private static OnnxPreprocess? Before(string place, OnnxModel file, string named)
    {
        var images = file.Graph.Variables.FirstOrDefault(value => value.Variable!.Kind == VariableKind.Input)?.Shape;
        if (images is not { Rank: 4 } input) return null;
        if (named.Length > 0) return OnnxPreprocess.Of(named, input);
        return file.Card is null ? OnnxPreprocess.Beside(place, input) : null;
    }

    /// <summary>The file, for the size that is asked for where it leaves that open; otherwise for that of its preprocessing, or the usual one.</summary>
    private static OnnxModel Read(string place, int? size)
    {
        var file = OnnxFile.Read(place, new() { Height = size ?? UsualSide, Width = size ?? UsualSide });
        return size is null && file.Card is { Input: { } input } && (input.Height, input.Width) != (UsualSide, UsualSide)
            ? OnnxFile.Read(place, new() { Height = input.Height, Width = input.Width })
            : file;
    }

    private static Preprocessing Usual(int channels) => channels == 1 ? new() { Mean = [0.5], Std = [0.5] } : new();

    private static IReadOnlyList<string>? ClassesOf(string place, OnnxModel file, int count) => file.Card is not { Classes: var names } ? null
        : names.Count == count ? names
        : throw new ModelFormatException(place, "fovea.classes", $"has {Amount.Of(names.Count, "name")}; the graph makes {count} logits");
}
