using Fovea.Formats.Weights;
using Fovea.Sources;
using Fovea.Training.Deploying;

namespace Fovea.Converting;

/// <summary>Weights by the catalogue's names, which are PyTorch's: safetensors, or a state dict that <c>torch.load(weights_only=True)</c> reads.</summary>
public sealed record WeightsTarget : ConvertTarget
{
    /// <inheritdoc/>
    public override string What => $"weights ({string.Join(", ", WeightFile.WrittenExtensions)})";

    /// <inheritdoc/>
    public override bool IsModel => false;

    /// <inheritdoc/>
    public override bool Takes(string path) => WeightFile.WrittenExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override ExportParity? Write(string path, ConvertDraft draft)
    {
        WeightFile.Write(path, draft.Model.Tensors);
        return null;
    }

    /// <inheritdoc/>
    public override LoadedModel ReadBack(string path, ConvertDraft draft) => draft.Model with { Tensors = WeightFile.Read(path).Tensors };
}
