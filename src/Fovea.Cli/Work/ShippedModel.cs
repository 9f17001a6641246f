using Fovea.Cli.Usage;
using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Images;

namespace Fovea.Cli.Work;

/// <summary>The model in a file that <c>fovea deploy</c> has made.</summary>
internal static class ShippedModel
{
    /// <param name="path">The file.</param>
    /// <param name="flags">What replaces values of its preprocessing; null for nothing.</param>
    /// <exception cref="UsageException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file is truncated, damaged, or holds no model.</exception>
    internal static ModelSource Load(string path, PreprocessingChoice? flags = null)
    {
        FileKind.Shipped.CheckSource(path);
        var model = FoveaFile.Read(path);
        return new()
        {
            Name = model.Card.Model,
            Weights = path,
            Graph = model.GraphFor,
            Tensors = [.. model.Weights.Select(weight => (weight.Key, weight.Value))],
            ClassCount = model.Card.Classes.Count,
            Classes = model.Card.Classes,
            Split = model.Card.Split,
            Preprocessing = flags is null ? model.Card.Input : model.Card.Input.Resolve(flags),
        };
    }
}
