using Fovea.Analysis;
using Fovea.Formats.Checksums;
using Fovea.Formats.Safetensors;
using Fovea.Graphs;
using Fovea.Images;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Formats.Artefact;

/// <summary>The file that a program loads: one safetensors file with the weights, and the rest as strings beside them.</summary>
/// <remarks>
/// The strings are <c>fovea.kind</c> (<c>model 1</c>), <c>fovea.graph</c> (<see cref="GraphPrinter"/>, for one image at a time),
/// <c>fovea.model</c>, <c>fovea.classes</c>, <c>fovea.preprocessing</c>, <c>fovea.validation_split</c>, <c>fovea.proof</c> (JSON),
/// <c>fovea.tool_version</c>, and <c>fovea.sha256</c> over all of them and the tensors. Any reader of safetensors finds the weights under their names.
/// </remarks>
public static class FoveaFile
{
    /// <summary>The extension.</summary>
    public const string Extension = ".fovea";

    private const string Kind = "fovea.kind";
    private const string KindOfModels = "model 1";
    private const string GraphText = "fovea.graph";
    private const string ProofText = "fovea.proof";
    private const string ToolVersion = "fovea.tool_version";
    private const string Checksum = "fovea.sha256";

    /// <summary>Writes the file, as a whole or not at all (<see cref="AtomicFile"/>).</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model; its graph may be for any number of images at a time, weights that the graph has not are left out.</param>
    /// <exception cref="ModelFormatException">The parts do not fit each other, or the proof has failed; nothing is written.</exception>
    /// <exception cref="GraphException">The graph mixes images of a batch.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, FoveaModel model)
    {
        if (model.Proof is { Passed: false } proof) throw new ModelFormatException(path, "proof", Failed(proof));
        var single = model with { Graph = new Rebatch(1).Apply(model.Graph) };
        try
        {
            single.Card.Input.Validate();
        }
        catch (PreprocessingException e)
        {
            throw new ModelFormatException(path, "preprocessing", e.Message, e);
        }

        try
        {
            single.Check(path);
        }
        catch (ShapeException e)
        {
            throw new ModelFormatException(path, "preprocessing", e.Message, e);
        }

        var tensors = single.Kept.Select(variable => (variable.Label, model.Weights[variable.Label])).ToArray();
        FiniteNumbers.Check(path, tensors);
        var metadata = Metadata(single);
        metadata[Checksum] = ContentSum.Of(metadata, tensors);
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, tensors, metadata));
    }

    /// <summary>Reads a file and checks that it is whole and consistent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What its graph may take; the defaults if null.</param>
    /// <exception cref="ModelFormatException">
    /// The file is truncated, damaged, of another kind, holds NaN, its parts do not fit each other, or its graph goes beyond the limits.
    /// </exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static FoveaModel Read(string path, GraphLimits? limits = null)
    {
        using var file = SafetensorsFile.Open(path);
        return Read(file, path, limits);
    }

    /// <summary>Reads from a seekable stream, which stays open; <paramref name="name"/> is for messages.</summary>
    /// <inheritdoc cref="Read(string, GraphLimits?)" path="/exception"/>
    public static FoveaModel Read(Stream stream, string name, GraphLimits? limits = null)
    {
        using var file = SafetensorsFile.Open(stream, name);
        return Read(file, name, limits);
    }

    private static FoveaModel Read(SafetensorsFile file, string name, GraphLimits? limits)
    {
        CheckKind(file.Metadata, name);
        var tensors = file.Entries.Select(entry => (entry.Name, Tensor: file.Read(entry.Name))).ToArray();
        var metadata = new SortedDictionary<string, string>(file.Metadata.ToDictionary(), StringComparer.Ordinal);
        metadata.Remove(Checksum, out var written);
        if (ContentSum.Of(metadata, tensors) != written)
            throw new ModelFormatException(name, "", "is damaged: its content does not have the SHA-256 that it was written with");
        try
        {
            var model = new FoveaModel
            {
                Card = ModelCard.Of(metadata),
                Graph = GraphParser.Parse(metadata.GetValueOrDefault(GraphText) ?? throw new FormatException($"the entry {GraphText} is missing"), limits),
                Weights = tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal),
                Proof = metadata.TryGetValue(ProofText, out var proof) ? Proof.FromJson(proof) : null,
                ToolVersion = metadata.GetValueOrDefault(ToolVersion, ""),
            };
            model.Check(name);
            CheckUnread(name, model);
            FiniteNumbers.Check(name, tensors);
            BatchAxes.Of(model.Graph);
            return model;
        }
        catch (FormatException e)
        {
            throw new ModelFormatException(name, "", e.Message, e);
        }
        catch (Exception e) when (e is GraphException or ShapeException)
        {
            throw new ModelFormatException(name, "graph", e.Message, e);
        }
    }

    private static SortedDictionary<string, string> Metadata(FoveaModel model)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [Kind] = KindOfModels,
            [GraphText] = GraphPrinter.Print(model.Graph),
            [ToolVersion] = model.ToolVersion,
        };
        foreach (var (key, value) in model.Card.Entries()) metadata.Add(key, value);
        if (model.Proof is not null) metadata.Add(ProofText, model.Proof.ToJson());
        return metadata;
    }

    private static void CheckKind(IReadOnlyDictionary<string, string> metadata, string name)
    {
        if (metadata.GetValueOrDefault(Kind) is not { } kind)
            throw new ModelFormatException(name, "", "holds weights, but no model; wanted a file that 'fovea deploy' wrote");
        if (kind == KindOfModels) return;
        var hint = kind.StartsWith("checkpoint", StringComparison.Ordinal) ? "; 'fovea deploy' makes a model of a run" : "";
        throw new ModelFormatException(name, "", $"is of the kind '{kind}'; wanted '{KindOfModels}'{hint}");
    }

    /// <summary>A file holds what its graph reads and nothing else.</summary>
    private static void CheckUnread(string file, FoveaModel model)
    {
        foreach (var name in model.Weights.Keys)
            if (model.Graph.Find(name) is null) throw new ModelFormatException(file, $"tensor '{name}'", "is no variable of the graph");
    }

    private static string Failed(Proof proof)
    {
        var (error, path) = (proof.Worst?.Difference.Relative ?? 0, proof.Worst?.Path ?? "none");
        return FormattableString.Invariant($"has failed: relative error {proof.Logits.Relative:g3} of the logits, {error:g3} of the worst block ({path}), ")
            + FormattableString.Invariant($"on {proof.Images} images; wanted at most {proof.Tolerance:g3}");
    }
}
