using Fovea.Formats.Artefact;
using Fovea.Graphs;

namespace Fovea.Formats.Onnx;

/// <summary>How a model is written as ONNX.</summary>
public sealed record OnnxWriteOptions
{
    /// <summary>
    /// Whether height and width of the image are left open (<c>height</c>, <c>width</c>) instead of being those of the graph. Default false;
    /// refused where the computation depends on them.
    /// </summary>
    public bool OpenImageSize { get; init; }

    /// <summary>
    /// Name, classes and preprocessing, kept in <c>metadata_props</c> as <c>fovea.model</c>, <c>fovea.classes</c> and
    /// <c>fovea.preprocessing</c> (JSON). Default none.
    /// </summary>
    public ModelCard? Card { get; init; }

    /// <summary>Further strings to keep in <c>metadata_props</c>, in this order. Default none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>The version of the tool that writes, kept with its name, <c>fovea</c>. Default that of this library.</summary>
    public string ProducerVersion { get; init; } = typeof(OnnxWriteOptions).Assembly.GetName().Version?.ToString(3) ?? "";
}

/// <summary>How an ONNX file is read.</summary>
public sealed record OnnxReadOptions
{
    /// <summary>The number of images that the graph takes at a time, from 1. Default 1.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Rows of the image where the file leaves them open, from 1. Default 0: then such a file is refused.</summary>
    public int Height { get; init; }

    /// <summary>Columns of the image where the file leaves them open, from 1. Default 0: then such a file is refused.</summary>
    public int Width { get; init; }

    /// <summary>What the graph may take. Default <see cref="GraphLimits.Default"/>.</summary>
    public GraphLimits Limits { get; init; } = GraphLimits.Default;
}
