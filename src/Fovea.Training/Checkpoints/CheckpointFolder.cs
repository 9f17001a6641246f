using System.Globalization;
using Fovea.Formats;
using Fovea.Training.State;

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

    /// <summary>The names of what lies there, in ordinal order: <c>best</c>, <c>epoch-0010</c>, <c>latest</c>; links that lead nowhere included.</summary>
    public IReadOnlyList<string> Names =>
    [
        .. (Directory.Exists(Path) ? Directory.EnumerateFileSystemEntries(Path, $"*{CheckpointFile.Extension}") : [])
            .Select(System.IO.Path.GetFileNameWithoutExtension).OfType<string>().Where(name => name is not "" and not ['.', ..]).Order(StringComparer.Ordinal),
    ];

    /// <summary>The checkpoint that is kept of an epoch, counted from 1: <c>epoch-0010</c>.</summary>
    public string EpochPath(int epoch) => PathOf(string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:D4}"));

    /// <summary>Writes the latest checkpoint; the one that was the latest becomes the previous one. At no moment is there none.</summary>
    /// <inheritdoc cref="CheckpointFile.Write" path="/exception"/>
    public void SaveLatest(Checkpoint checkpoint)
    {
        var next = PathOf("latest.next");
        try
        {
            Save(next, checkpoint);
            if (!_latestIsDamaged && File.Exists(LatestPath)) File.Move(LatestPath, PreviousPath, overwrite: true);
            File.Move(next, LatestPath, overwrite: true);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{LatestPath}: cannot be replaced ({e.Message.TrimEnd('.')}); what was there before is untouched", e);
        }

        _latestIsDamaged = false;
    }

    /// <summary>Writes the best checkpoint: the whole, or the weights alone (<see cref="Checkpoint.WeightsAlone"/>).</summary>
    /// <inheritdoc cref="CheckpointFile.Write" path="/exception"/>
    public void SaveBest(Checkpoint checkpoint) => Save(BestPath, checkpoint);

    /// <summary>Deletes the best checkpoint, if there is one.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    public void DeleteBest()
    {
        if (File.Exists(BestPath)) Delete(BestPath);
    }

    /// <summary>Deletes the checkpoint before the latest, if the latest can be read back whole.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    public void DeletePrevious()
    {
        if (File.Exists(PreviousPath) && Read(LatestPath, out _) is { IsWhole: true }) Delete(PreviousPath);
    }

    /// <summary>Writes the checkpoint that is kept of an epoch, counted from 1.</summary>
    /// <inheritdoc cref="CheckpointFile.Write" path="/exception"/>
    public void SaveEpoch(Checkpoint checkpoint, int epoch) => Save(EpochPath(epoch), checkpoint);

    /// <summary>Deletes what killed processes left half written; only for whoever alone writes here.</summary>
    public void DeleteLeftovers()
    {
        foreach (var name in Names.Append("latest.next").Append("best").Distinct()) AtomicFile.DeleteLeftovers(PathOf(name));
    }

    /// <summary>
    /// Reads the latest checkpoint, or the previous one where the latest is missing or damaged. Where a run has died between its first best and its
    /// first latest one, that is the best if it is whole.
    /// </summary>
    /// <param name="warn">Receives what was wrong with the latest.</param>
    /// <returns>The checkpoint; null if there is none yet that a run can go on from.</returns>
    /// <exception cref="TrainingException">
    /// Neither can be read; the message says why, and which of the others a run can go on from (<see cref="Load"/>).
    /// </exception>
    public Checkpoint? LoadLatest(Action<string> warn)
    {
        var names = Names;
        if (names.Count == 0) return null;
        if (names.Contains("best") && !names.Contains("latest") && !names.Contains("latest.prev"))
        {
            var best = Read(BestPath, out var reason) ?? throw Unreadable(reason);
            var use = best.IsWhole ? $"the best is used: {BestPath}" : "the best holds weights alone: the run begins anew";
            warn($"{Path}: there is no latest checkpoint; {use}");
            return best.IsWhole ? best : null;
        }

        var checkpoint = Read(LatestPath, out var problem);
        _latestIsDamaged = checkpoint is null;
        if (checkpoint is not null) return checkpoint;
        if (Read(PreviousPath, out var another) is not { } previous)
            throw Unreadable($"{Path}: no checkpoint can be read: {problem}; {another}");
        warn($"{problem}; the previous checkpoint is used: {PreviousPath}, epoch {previous.State.Epoch + 1}, step {previous.State.Step}");
        return previous;
    }

    /// <summary>Reads a checkpoint to go on from it; the next one that is saved becomes the latest.</summary>
    /// <param name="name"><c>latest</c>, <c>best</c>, or the name of a kept one such as <c>epoch-0010</c>.</param>
    /// <param name="warn">Receives what was wrong with the latest.</param>
    /// <returns>The checkpoint; null if the latest is wanted and there is none yet that a run can go on from.</returns>
    /// <exception cref="TrainingException">There is none of that name, it cannot be read, or it holds weights alone.</exception>
    public Checkpoint? Load(string name, Action<string> warn)
    {
        var checkpoint = Look(name, warn);
        if (name == "latest") return checkpoint;
        _latestIsDamaged = Read(LatestPath, out _) is null;
        CheckpointFit.CheckWhole(checkpoint!);
        return checkpoint;
    }

    /// <summary>Reads a checkpoint to look at it, whether a run can go on from it or not.</summary>
    /// <param name="name">As of <see cref="Load"/>.</param>
    /// <param name="warn">Receives what was wrong with the latest.</param>
    /// <returns>The checkpoint; null if the latest is wanted and there is none yet.</returns>
    /// <exception cref="TrainingException">There is none of that name, or it cannot be read.</exception>
    public Checkpoint? Look(string name, Action<string> warn)
    {
        if (name == "latest") return LoadLatest(warn);
        if (!Names.Contains(name, StringComparer.Ordinal))
            throw new TrainingException($"{Path}: there is no checkpoint '{name}'; there are {(Names.Count == 0 ? "none" : string.Join(", ", Names))}");
        return Read(PathOf(name), out var problem) ?? throw Unreadable(problem);
    }

    /// <summary>The error where a checkpoint cannot be read, with what can be done.</summary>
    private TrainingException Unreadable(string problem)
    {
        var intact = Names.Where(name => name is not "latest" and not "latest.prev" and not "latest.next")
            .OrderBy(name => name == "best" ? 0 : 1).ThenByDescending(name => name, StringComparer.Ordinal)
            .Select(name => (Name: name, Checkpoint: Read(PathOf(name), out _))).Where(entry => entry.Checkpoint is not null)
            .OrderBy(entry => entry.Checkpoint!.IsWhole ? 0 : 1).FirstOrDefault();
        if (intact.Checkpoint is { IsWhole: false } weights)
            return new(
                $"{problem}. '{intact.Name}' is intact (after epoch {weights.State.Epoch}), but holds weights alone: start another run from them, "
                + "in another folder: --model with the folder of this one");
        return intact.Checkpoint is { State: var state }
            ? new(
                $"{problem}. '{intact.Name}' is intact (after epoch {state.Epoch}, step {state.Step}): go on from it with --resume --checkpoint {intact.Name}")
            {
                Alternative = intact.Name,
            }
            : new($"{problem}. Start anew in another folder");
    }

    private static Checkpoint? Read(string path, out string problem)
    {
        problem = "";
        try
        {
            return CheckpointFile.Read(path);
        }
        catch (Exception e) when (e is ModelFormatException or IOException or UnauthorizedAccessException)
        {
            problem = e.Message.TrimEnd('.');
            return null;
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path}: cannot be deleted ({e.Message.TrimEnd('.')})", e);
        }
    }

    private void Save(string target, Checkpoint checkpoint)
    {
        OutputFolder.Create(Path);
        CheckpointFile.Write(target, checkpoint);
    }

    private string PathOf(string name) => System.IO.Path.Combine(Path, name + CheckpointFile.Extension);
}
