using Fovea.Execution;
using Fovea.Naming;
using Fovea.Tensors;
using Fovea.Training.State;
using Fovea.Training.Steps;
using Fovea.Training.Weights;

namespace Fovea.Training.Checkpoints;

/// <summary>Whether a run can go on from a checkpoint.</summary>
internal static class CheckpointFit
{
    private const int Listed = 5;

    /// <summary>Throws unless the checkpoint is of the same run; <see cref="HasSameImages"/> compares the images.</summary>
    /// <exception cref="TrainingException">It is of another model, other classes, or another course.</exception>
    internal static void Check(Checkpoint checkpoint, RunFacts now)
    {
        CheckWhole(checkpoint);
        var (was, path) = (checkpoint.Facts, checkpoint.Path);
        if (was.Model != now.Model) throw Refuse(path, $"it is of the model {Printable.Of(was.Model)}, this run trains {now.Model}");
        if (was.Classes.Count != now.Classes.Count)
            throw Refuse(path, $"it has {Amount.Of(was.Classes.Count, "class")}, the data set has {now.Classes.Count}{Others(was.Classes, now.Classes)}");
        for (var c = 0; c < was.Classes.Count; c++)
            if (was.Classes[c] != now.Classes[c])
                throw Refuse(path, $"its class {c} is '{Printable.Line(was.Classes[c])}', in the data set it is '{Printable.Line(now.Classes[c])}'");
        Same("train.seed", was.Seed, now.Seed, path);
        Same("train.batch_size", was.BatchSize, now.BatchSize, path);
        Same("train.accumulate", was.Accumulate, now.Accumulate, path);
    }

    /// <summary>Throws where a checkpoint holds weights alone.</summary>
    /// <exception cref="TrainingException">It does; the message says what can be done with it.</exception>
    internal static void CheckWhole(Checkpoint checkpoint)
    {
        if (checkpoint.IsWhole) return;
        throw new TrainingException(
            $"{checkpoint.Path}: holds the weights of epoch {checkpoint.State.Epoch} alone, without what the optimizer remembers, so that the run cannot go on "
            + "from here. Go on from the latest (--resume without --checkpoint), or start another run from these weights, in another folder: --model with the "
            + "folder of this one. A run whose train.keep has best_state keeps all of its best moment");
    }

    /// <summary>Whether the epoch that a checkpoint stands in can be gone on with; if not, and not at its beginning, it ends where it stands.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="now">What the run is about now.</param>
    /// <param name="batches">The batches of an epoch.</param>
    /// <param name="atNextEpoch">Whether an epoch whose images have changed is ended; otherwise it is an error.</param>
    /// <param name="warn">Told of images that have changed.</param>
    /// <exception cref="TrainingException">The images have changed in mid-epoch, or the checkpoint stands behind the end of the epoch.</exception>
    internal static bool HasSameImages(Checkpoint checkpoint, RunFacts now, int batches, bool atNextEpoch, Action<string> warn)
    {
        var (state, was) = (checkpoint.State, checkpoint.Facts);
        if (was.HeldBack is not null && now.HeldBack is { Length: > 0 } && was.HeldBack != now.HeldBack)
            warn(
                $"{checkpoint.Path}: other images are held back now than when the run began: it has been trained on some that are evaluated from here on, "
                + "and its top-1 is that of images which it knows");
        var change = Change(was, now)
            ?? (state.Batch > batches ? $"the checkpoint stands after {Amount.Of(state.Batch, "batch")}, an epoch now has {batches}" : null);
        if (change is null) return true;
        if (state.Batch == 0)
        {
            warn($"{checkpoint.Path}: {change}; the run goes on with those there are now");
            return true;
        }

        if (!atNextEpoch)
        {
            throw new TrainingException(
                $"{checkpoint.Path}: {change}, so that epoch {state.Epoch + 1}, of which {Amount.Of(state.Batch, "batch is", "batches are")} done, "
                + "cannot be gone on with. "
                + "Restore the images (and data.validation_fraction, train.drop_last), or go on at the next epoch with --next-epoch");
        }

        warn($"{checkpoint.Path}: {change}; epoch {state.Epoch + 1} ends after {Amount.Of(state.Batch, "batch")}");
        return false;
    }

    /// <summary>Which classes have come and gone.</summary>
    private static string Others(IReadOnlyList<string> was, IReadOnlyList<string> now)
    {
        string Named(string what, IEnumerable<string> names) =>
            names.Take(Listed).ToArray() is [_, ..] some ? $"; {what}: {string.Join(", ", some.Select(Printable.Of))}" : "";
        return Named("new", now.Except(was)) + Named("gone", was.Except(now));
    }

    private static string? Change(RunFacts was, RunFacts now)
    {
        if (was.Samples != now.Samples) return $"the run began with {Amount.Of(was.Samples, "training image")}, now there are {now.Samples}";
        return was.Images.Length > 0 && now.Images.Length > 0 && was.Images != now.Images
            ? $"there are {now.Samples} training images as when the run began, but others: names, order or classes have changed"
            : null;
    }

    /// <summary>Writes the variables of a checkpoint into the session that goes on from it.</summary>
    /// <exception cref="TrainingException">The session has others; the message lists them.</exception>
    internal static void Restore(ISession session, Checkpoint checkpoint)
    {
        var path = checkpoint.Path;
        var given = checkpoint.Tensors.ToDictionary(entry => entry.Name, entry => entry.Tensor, StringComparer.Ordinal);
        Names("lacks", session.Kept().Where(name => !given.ContainsKey(name)), path);
        Names("holds beside what this run has", given.Keys.Except(session.Kept()), path);
        foreach (var name in session.Kept()) Write(session, name, given[name], path);
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
        var hint = Array.TrueForAll(all, SlotNames.IsSlot) ? " (has the optimizer, what is around it, the loss, the average or freeze changed?)" : "";
        var named = string.Join(", ", all.Take(Listed).Select(Printable.Of));
        throw Refuse(path, $"it {what} {named}{(all.Length > Listed ? $" and {all.Length - Listed} more" : "")}{hint}");
    }

    private static void Same<T>(string key, T was, T now, string path)
        where T : IEquatable<T>
    {
        if (!was.Equals(now)) throw Refuse(path, $"the run began with {key} {was}, now it is {now}");
    }

    private static TrainingException Refuse(string path, string reason) =>
        new($"{path}: the run cannot go on from here: {reason}. Use what it began with, or start another run, in another folder, from these weights");
}
