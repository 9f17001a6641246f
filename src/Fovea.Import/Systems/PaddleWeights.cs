using Fovea.Formats.Weights;
using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>What a run of PaddleClas starts from: paths without the end of their files.</summary>
internal static class PaddleWeights
{
    private const string Extension = ".pdparams";

    /// <summary>Translates both keys.</summary>
    internal static void Translate(Translation translation, ForeignValue pretrained, ForeignValue checkpoints)
    {
        var path = pretrained.Text;
        var isWhole = path.Contains("://", StringComparison.Ordinal) || WeightFile.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
        if (path.Length == 0) translation.Idle(pretrained, "no weights to start from");
        else translation.Set(pretrained, "model.weights", isWhole ? path : path + Extension);
        if (checkpoints.Text.Length == 0) translation.Idle(checkpoints, "a run begins");
        else translation.Cannot(checkpoints, ForeignRuns.GoesOn);
    }
}
