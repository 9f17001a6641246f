using System.Globalization;
using Fovea.Formats;

namespace Fovea.Training.Checkpoints;

/// <summary>The checkpoints of a run: <c>latest</c>, the one before it, <c>best</c>, and those that are kept.</summary>
/// <param name="path">The folder; created by the first checkpoint.</param>
public sealed class CheckpointFolder(string path)
{
    private bool _latestIsDamaged;

    /// <summary>The folder.</summary>
    public string Path { get; } = path;

    /// <summary>Where the run stood last.</summary>
    public string LatestPath => PathOf("latest");

    /// <summary>The latest before that; it serves when the latest is damaged.</summary>
    public string PreviousPath => PathOf("latest.prev");

    /// <summary>Where the run stood at its best evaluation.</summary>
    public string BestPath => PathOf("best");

    /// <summary>Whether a run has left a checkpoint to go on from.</summary>
    public bool HasLatest => File.Exists(LatestPath) || File.Exists(PreviousPath);

    /// <summary>The checkpoint that is kept of an epoch, counted from 1: <c>epoch-0010</c>.</summary>
    public string EpochPath(int epoch) => PathOf(string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:D4}"));

    /// <summary>Writes the latest checkpoint; the one that was the latest becomes the previous one. At no moment is there none.</summary>
    /// <inheritdoc cref="CheckpointFile.Write" path="/exception"/>
    public void SaveLatest(Checkpoint checkpoint)
    {
        var next = PathOf("latest.next");
        Save(next, checkpoint);
        if (!_latestIsDamaged && File.Exists(LatestPath)) File.Move(LatestPath, PreviousPath, overwrite: true);
        File.Move(next, LatestPath, overwrite: true);
        _latestIsDamaged = false;
    }

    /// <summary>Writes the best checkpoint.</summary>
    /// <inheritdoc cref="CheckpointFile.Write" path="/exception"/>
    public void SaveBest(Checkpoint checkpoint) => Save(BestPath, checkpoint);

    /// <summary>Writes the checkpoint that is kept of an epoch, counted from 1.</summary>
    /// <inheritdoc cref="CheckpointFile.Write" path="/exception"/>
    public void SaveEpoch(Checkpoint checkpoint, int epoch) => Save(EpochPath(epoch), checkpoint);

    /// <summary>Deletes what killed processes left half written; only for whoever alone writes here.</summary>
    public void DeleteLeftovers()
    {
        foreach (var target in (string[])[PathOf("latest.next"), BestPath]) AtomicFile.DeleteLeftovers(target);
    }

    /// <summary>Reads the latest checkpoint, or the previous one where the latest is missing or damaged.</summary>
    /// <param name="warn">Receives what was wrong with the latest.</param>
    /// <returns>The checkpoint; null if there is none yet.</returns>
    /// <exception cref="TrainingException">Neither can be read; the message says why.</exception>
    public Checkpoint? LoadLatest(Action<string> warn)
    {
        if (!HasLatest) return null;
        string problem;
        try
        {
            return CheckpointFile.Read(LatestPath);
        }
        catch (Exception e) when (e is ModelFormatException or IOException)
        {
            problem = e.Message;
            _latestIsDamaged = true;
        }

        try
        {
            var checkpoint = CheckpointFile.Read(PreviousPath);
            warn($"{problem}; the previous checkpoint is used: {PreviousPath}, epoch {checkpoint.State.Epoch + 1}, step {checkpoint.State.Step}");
            return checkpoint;
        }
        catch (Exception e) when (e is ModelFormatException or IOException)
        {
            throw new TrainingException($"{Path}: no checkpoint can be read: {problem}; {e.Message}. Start anew in another folder", e);
        }
    }

    private void Save(string target, Checkpoint checkpoint)
    {
        Directory.CreateDirectory(Path);
        CheckpointFile.Write(target, checkpoint);
    }

    private string PathOf(string name) => System.IO.Path.Combine(Path, name + CheckpointFile.Extension);
}
