using Fovea.Training.Checkpoints;

namespace Fovea.Cli.Tests;

/// <summary>What runs have left in their latest checkpoints.</summary>
internal static class Weights
{
    /// <summary>Asserts that two runs ended with the same numbers, bit for bit.</summary>
    internal static void Same(string run, string other)
    {
        var (a, b) = (Latest(run), Latest(other));
        Assert.Equal(a.State.Step, b.State.Step);
        Assert.Equal(a.Tensors.Select(entry => entry.Name), b.Tensors.Select(entry => entry.Name));
        var different = a.Tensors.Zip(b.Tensors).Where(pair => !pair.First.Tensor.Bytes.SequenceEqual(pair.Second.Tensor.Bytes))
            .Select(pair => pair.First.Name);
        Assert.Empty(different);
    }

    internal static Checkpoint Latest(string run) => CheckpointFile.Read(RunFolder.CheckpointsOf(run).LatestPath);
}
