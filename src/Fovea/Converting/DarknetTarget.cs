using Fovea.Darknet;
using Fovea.Darknet.Cfg;
using Fovea.Naming;
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
    public override void Check(LoadedModel model, string to)
    {
        if (model.Darknet is null)
            throw new ModelSourceException(
                $"{Printable.Of(to)}: {model.Name} is no network of Darknet; wanted a {CfgFile.Extension} as the source or as --model, or another format");
    }

    /// <inheritdoc/>
    public override ExportParity? Write(string path, ConvertDraft draft)
    {
        WeightsWriter.Write(path, draft.Model.Darknet!, draft.Model.DarknetHeader ?? WeightsHeader.Current(), draft.Model.Tensors);
        return null;
    }

    /// <inheritdoc/>
    public override LoadedModel ReadBack(string path, ConvertDraft draft) =>
        draft.Model with { Tensors = WeightsReader.Read(path, draft.Model.Darknet!).Tensors };
}
