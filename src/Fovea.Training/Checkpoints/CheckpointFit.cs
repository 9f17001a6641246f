using Fovea.Execution;
using Fovea.Tensors;
using Fovea.Training.Steps;

namespace Fovea.Training.Checkpoints;

/// <summary>Whether a run can go on from a checkpoint.</summary>
internal static class CheckpointFit
{
    private const int Listed = 5;

    /// <summary>Throws unless the checkpoint is of the same run.</summary>
    /// <exception cref="TrainingException">It is of another model, other classes, or another course.</exception>
    internal static void Check(Checkpoint checkpoint, RunFacts now, Action<string> warn)
    {
        var (was, path) = (checkpoint.Facts, checkpoint.Path);
        if (was.Model != now.Model) throw Refuse(path, $"it is of the model {was.Model}, this run trains {now.Model}");
        if (was.Classes.Count != now.Classes.Count) throw Refuse(path, $"it has {was.Classes.Count} classes, the data set has {now.Classes.Count}");
        for (var c = 0; c < was.Classes.Count; c++)
            if (was.Classes[c] != now.Classes[c]) throw Refuse(path, $"its class {c} is '{was.Classes[c]}', in the data set it is '{now.Classes[c]}'");
        Same("train.seed", was.Seed, now.Seed, path);
        Same("train.batch_size", was.BatchSize, now.BatchSize, path);
        Same("train.accumulate", was.Accumulate, now.Accumulate, path);
        if (was.Samples != now.Samples)
            warn($"{path}: the run began with {was.Samples} training images, now there are {now.Samples}; the order of the images changes with their number");
    }

    /// <summary>Writes the variables of a checkpoint into the session that goes on from it.</summary>
    /// <exception cref="TrainingException">The session has others; the message lists them.</exception>
    internal static void Restore(ISession session, Checkpoint checkpoint)
    {
        var path = checkpoint.Path;
        var given = checkpoint.Tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal);
        Names("lacks", session.Variables.Where(name => !given.ContainsKey(name)), path);
        Names("holds beside what this run has", given.Keys.Except(session.Variables), path);
        foreach (var name in session.Variables) Write(session, name, given[name], path);
    }

    private static void Write(ISession session, string name, HostTensor tensor, string path)
    {
        var wanted = session.Read(name).Type;
        if (tensor.Type != wanted) throw Refuse(path, $"its '{name}' is {tensor.Type}, this run wants {wanted}");
        session.Write(name, tensor);
    }

    private static void Names(string what, IEnumerable<string> names, string path)
    {
        var all = names.ToArray();
        if (all.Length == 0) return;
        var hint = Array.TrueForAll(all, SlotNames.IsSlot) ? " (has the optimizer or ema_decay changed?)" : "";
        throw Refuse(path, $"it {what} {string.Join(", ", all.Take(Listed))}{(all.Length > Listed ? $" and {all.Length - Listed} more" : "")}{hint}");
    }

    private static void Same<T>(string key, T was, T now, string path)
        where T : IEquatable<T>
    {
        if (!was.Equals(now)) throw Refuse(path, $"the run began with {key} {was}, now it is {now}");
    }

    private static TrainingException Refuse(string path, string reason) =>
        new($"{path}: the run cannot go on from here: {reason}. Use what it began with, or start another run, in another folder, from these weights");
}
