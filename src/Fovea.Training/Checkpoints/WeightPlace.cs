using Fovea.Formats;
using Fovea.Formats.Weights;
using Fovea.Tensors;
using Fovea.Training.State;

namespace Fovea.Training.Checkpoints;

/// <summary>Weights wherever they lie: in a file of weights, in a checkpoint, in the folder of a run.</summary>
public static class WeightPlace
{
    /// <summary>The weights at a path, by name; of a run's folder those of its latest checkpoint, averages where it keeps any.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <param name="warn">Told when another checkpoint than the latest has to be used.</param>
    /// <returns>The weights; null where there is neither file nor folder.</returns>
    /// <exception cref="ModelFormatException">The file holds no weights, or is damaged.</exception>
    /// <exception cref="TrainingException">The folder holds no checkpoint that can be read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<(string Name, HostTensor Tensor)>? Read(string path, Action<string> warn)
    {
        if (Directory.Exists(path))
            return (RunFolder.CheckpointsOf(path).LoadLatest(warn)
                ?? throw new TrainingException($"{path}: holds no checkpoint; wanted the folder of a run, as 'fovea train --out' makes it")).Weights();
        if (!File.Exists(path)) return null;
        return CheckpointFile.IsOne(path) ? CheckpointFile.Read(path).Weights() : WeightFile.Read(path).Tensors;
    }
}
