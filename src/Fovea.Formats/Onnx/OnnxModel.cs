using Fovea.Formats.Artefact;
using Fovea.Graphs;
using Fovea.Tensors;

namespace Fovea.Formats.Onnx;

/// <summary>A model that was read from an ONNX file.</summary>
/// <param name="Graph">The computation, for as many images at a time as was asked for; inputs and outputs keep their names.</param>
/// <param name="Weights">A value for each parameter and state of the graph, in the order of the file.</param>
/// <param name="Metadata">The strings that the file keeps beside the graph (<c>metadata_props</c>).</param>
/// <param name="Opset">The version of the operator set that the file is written in.</param>
/// <param name="Producer">Name and version of the tool that wrote the file, as far as it says.</param>
public sealed record OnnxModel(
    Graph Graph, IReadOnlyDictionary<string, HostTensor> Weights, IReadOnlyDictionary<string, string> Metadata, int Opset, string Producer)
{
    /// <summary>Name, classes and preprocessing, where the file keeps them.</summary>
    public ModelCard? Card { get; init; }
}
