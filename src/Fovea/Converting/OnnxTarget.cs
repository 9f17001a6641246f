using Fovea.Formats.Onnx;
using Fovea.Sources;
using Fovea.Training.Deploying;

namespace Fovea.Converting;

/// <summary>An ONNX model as <c>fovea export</c> writes it.</summary>
public sealed record OnnxTarget : ConvertTarget
{
    /// <inheritdoc/>
    public override string What => $"an ONNX model ({OnnxFile.Extension})";

    /// <inheritdoc/>
    public override bool IsModel => true;

    /// <inheritdoc/>
    public override bool Takes(string path) => path.EndsWith(OnnxFile.Extension, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override ExportParity? Write(string path, ConvertDraft draft) =>
        OnnxExport.Write(path, draft.Shipped, draft.Backend, new() { Tolerance = draft.Tolerance });

    /// <inheritdoc/>
    public override LoadedModel ReadBack(string path, ConvertDraft draft) => new OnnxSource().Load(path);
}
