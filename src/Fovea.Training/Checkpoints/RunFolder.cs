using Fovea.Paths;
using Fovea.Training.State;

namespace Fovea.Training.Checkpoints;

/// <summary>
/// The folder of a run: <c>recipe.yaml</c> (whoever starts the run writes it), <c>log.jsonl</c>, <c>metrics.csv</c>,
/// <c>events.out.tfevents.…</c> and <c>checkpoints/</c>. While it is open, no other run can open it.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private readonly RunLock _lock;
    private readonly bool _isNew;

    private RunFolder(string path, bool isNew)
    {
        _isNew = isNew;
        Path = path;
        Checkpoints = CheckpointsOf(path);
        _lock = new RunLock(path);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The resolved recipe.</summary>
    public string RecipePath => System.IO.Path.Combine(Path, "recipe.yaml");

    /// <summary>The log, a JSON object a line.</summary>
    public string LogPath => System.IO.Path.Combine(Path, "log.jsonl");

    /// <summary>The table of epochs.</summary>
    public string MetricsPath => System.IO.Path.Combine(Path, "metrics.csv");

    /// <summary>The checkpoints.</summary>
    public CheckpointFolder Checkpoints { get; }

    /// <summary>The checkpoints of a run whose folder somebody else may be writing; for reading only.</summary>
    public static CheckpointFolder CheckpointsOf(string path) => new(System.IO.Path.Combine(path, "checkpoints"));

    /// <summary>Opens the folder for one run, and creates it if it is missing.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="resume">Whether the run in it is to be continued. If there is none yet, it begins.</param>
    /// <param name="others">Names of further files that will be written there, beside those of every run; none if null.</param>
    /// <exception cref="TrainingException">Another run has it open; it cannot be written; it holds a run that is not to be continued.</exception>
    public static RunFolder Open(string path, bool resume, IReadOnlyList<string>? others = null)
    {
        path = System.IO.Path.GetFullPath(path);
        RunFolder folder;
        try
        {
            if (PathProblem.OfLink(path) is { } link) throw new TrainingException($"{path}: cannot be written: it {link}; wanted a folder for the run");
            if (File.Exists(path)) throw new TrainingException($"{path}: cannot be written: it is a file; wanted a folder for the run");
            var isNew = !Directory.Exists(path);
            if (!isNew) RefuseForeign(path, others ?? []);
            Directory.CreateDirectory(path);
            folder = new RunFolder(path, isNew);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new TrainingException($"{path}: cannot be written ({PathProblem.OfFolder(path, e)}); choose a folder where you may write", e);
        }

        if (resume || folder.Checkpoints.Names.Count == 0)
        {
            folder.Checkpoints.DeleteLeftovers();
            return folder;
        }

        folder.Dispose();
        throw Holds(path);
    }

    /// <summary>Looks, without opening it, whether a folder is free for a run that begins.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="TrainingException">It holds a run.</exception>
    public static void CheckFree(string path)
    {
        if (CheckpointsOf(path).Names.Count > 0) throw Holds(System.IO.Path.GetFullPath(path));
    }

    private static TrainingException Holds(string path) => new($"{path}: holds a run already; continue it with --resume, or choose another folder");

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    /// <summary>Files under the names of ours in a folder that no run has had open are somebody else's: they would be written over.</summary>
    private static void RefuseForeign(string path, IReadOnlyList<string> others)
    {
        if (File.Exists(RunLock.In(path)) || CheckpointsOf(path).Names.Count > 0) return;
        string[] ours = ["recipe.yaml", "log.jsonl", "metrics.csv", .. others];
        if (Array.Find(ours, name => IsTaken(path, name)) is { } foreign)
            throw new TrainingException($"{path}: holds {foreign}, which no run has written here; choose another folder, or move it away");
    }

    /// <summary>Whether a file, or a folder of that name, stands where it would be written, or a file where its folder would be.</summary>
    private static bool IsTaken(string folder, string name) => System.IO.Path.Exists(System.IO.Path.Combine(folder, name))
        || (System.IO.Path.GetDirectoryName(name) is { Length: > 0 } parent && File.Exists(System.IO.Path.Combine(folder, parent)));

    /// <summary>After <see cref="Dispose"/>: removes the folder again if this run made it and wrote nothing into it.</summary>
    public void DeleteIfUnused()
    {
        if (!_isNew || Directory.EnumerateFileSystemEntries(Path).Any(entry => entry != RunLock.In(Path))) return;
        File.Delete(RunLock.In(Path));
        Directory.Delete(Path);
    }
}
