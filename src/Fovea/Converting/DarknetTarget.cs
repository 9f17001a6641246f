using Fovea.Darknet;
using Fovea.Darknet.Cfg;
using Fovea.Formats;
using Fovea.Sources;
using Fovea.Training.Deploying;

namespace Fovea.Converting;

/// <summary>Weights of a network of Darknet: those of a model that a cfg describes, whose tensors are named by its layers.</summary>
public sealed record DarknetTarget : ConvertTarget
{
    /// <inheritdoc/>
    public override string What => $"Darknet's weights ({DarknetWeights.Extension}), of a {CfgFile.Extension}";

    /// <inheritdoc/>
    public override bool IsModel => false;

    /// <inheritdoc/>
    public override bool Takes(string path) => path.EndsWith(DarknetWeights.Extension, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override ExportParity? Write(string path, ConvertDraft draft)
    {
        WeightsWriter.Write(path, NetworkOf(draft, path), WeightsHeader.Current(), draft.Model.Tensors);
        return null;
    }

    /// <inheritdoc/>
    public override LoadedModel ReadBack(string path, ConvertDraft draft) =>
        draft.Model with { Tensors = WeightsReader.Read(path, NetworkOf(draft, path)).Tensors };

    private static DarknetNetwork NetworkOf(ConvertDraft draft, string path) => draft.Model.Darknet
        ?? throw new ModelFormatException(
            path, "", $"{draft.Model.Name} is no network of Darknet; wanted a {CfgFile.Extension} as the source or as --model, or another format");
}
