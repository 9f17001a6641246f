using Fovea.Formats.Artefact;
using Fovea.Sources;
using Fovea.Training.Deploying;

namespace Fovea.Converting;

/// <summary>A model as <c>fovea deploy</c> writes it.</summary>
public sealed record FoveaTarget : ConvertTarget
{
    /// <inheritdoc/>
    public override string What => $"a model ({FoveaFile.Extension})";

    /// <inheritdoc/>
    public override bool IsModel => true;

    /// <inheritdoc/>
    public override bool Takes(string path) => path.EndsWith(FoveaFile.Extension, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override ExportParity? Write(string path, ConvertDraft draft)
    {
        FoveaFile.Write(path, draft.Shipped);
        return null;
    }

    /// <inheritdoc/>
    public override LoadedModel ReadBack(string path, ConvertDraft draft) => new FoveaSource().Load(path);
}
