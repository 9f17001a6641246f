using Fovea.Graphs;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Formats.Artefact;

/// <summary>A classifier that is ready to ship: all that a program needs to run it.</summary>
public sealed record FoveaModel
{
    /// <summary>The name of the graph's input: images [N, C, H, W].</summary>
    public const string InputName = "input";

    /// <summary>The name of the graph's output: logits [N, classes].</summary>
    public const string OutputName = "logits";

    /// <summary>Name, classes and preprocessing.</summary>
    public required ModelCard Card { get; init; }

    /// <summary>The inference graph, for one image at a time in a file; <see cref="GraphFor"/> gives it for more.</summary>
    public required Graph Graph { get; init; }

    /// <summary>A value for each parameter and state of the graph.</summary>
    public required IReadOnlyDictionary<string, HostTensor> Weights { get; init; }

    /// <summary>That the graph computes what the trained model does; null where nothing was folded or proven.</summary>
    public Proof? Proof { get; init; }

    /// <summary>The version of the tool that made it. Default that of this library.</summary>
    public string ToolVersion { get; init; } = typeof(FoveaModel).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>The graph for another number of images at a time (<see cref="Rebatch"/>).</summary>
    /// <param name="batch">From 1.</param>
    public Graph GraphFor(int batch) => new Rebatch(batch).Apply(Graph);
}
