using Fovea.Formats;
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
    public override LoadedModel ReadBack(string path, ConvertDraft draft)
    {
        // What all names begin with is left out where a file is read.
        var (written, read) = (draft.Model.Tensors, WeightFile.Read(path).Tensors);
        if (written.Count != read.Count || !written.Zip(read).All(pair => pair.First.Name.EndsWith(pair.Second.Name, StringComparison.Ordinal)))
            throw new ModelFormatException(path, "", "does not read back as it was written");
        return draft.Model with { Tensors = [.. written.Zip(read, (mine, back) => (mine.Name, back.Tensor))] };
    }
}
