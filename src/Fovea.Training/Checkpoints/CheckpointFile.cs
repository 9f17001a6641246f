using Fovea.Formats;
using Fovea.Formats.Checksums;
using Fovea.Formats.Safetensors;
using Fovea.Training.State;

namespace Fovea.Training.Checkpoints;

/// <summary>One checkpoint in one safetensors file, so that any reader of the format finds the weights under their names.</summary>
/// <remarks>
/// Slots stand beside the weights (<c>ema/…</c>, <c>momentum/…</c>), facts and state in the metadata under <c>fovea.…</c>. One of weights alone
/// (<see cref="Checkpoint.IsWhole"/>) says so there: <c>fovea.holds</c> is <c>weights</c> or <c>averages</c>.
/// </remarks>
public static class CheckpointFile
{
    /// <summary>The extension.</summary>
    public const string Extension = ".safetensors";

    /// <summary>Whether a file says that it is a checkpoint, of whatever version.</summary>
    /// <exception cref="ModelFormatException">It begins as a safetensors file and is none.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static bool IsOne(string path)
    {
        if (!SafetensorsFile.IsOne(path)) return false;
        using var file = SafetensorsFile.Open(path);
        return CheckpointMetadata.AreOfCheckpoint(file.Metadata);
    }

    /// <summary>Writes the file, as a whole or not at all.</summary>
    /// <exception cref="TrainingException">A variable holds a number that is not finite; nothing is written.</exception>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, Checkpoint checkpoint)
    {
        CheckFinite(path, checkpoint);
        var metadata = CheckpointMetadata.Write(checkpoint);
        metadata[CheckpointMetadata.Checksum] = ContentSum.Of(metadata, checkpoint.Tensors);
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, checkpoint.Tensors, metadata));
    }

    /// <summary>Reads a file and checks its sum.</summary>
    /// <exception cref="ModelFormatException">The file is truncated, damaged, no checkpoint, or holds numbers that no run can have.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static Checkpoint Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        try
        {
            var (facts, state) = CheckpointMetadata.Read(file.Metadata);
            var tensors = file.Entries.Select(entry => (entry.Name, file.Read(entry.Name))).ToArray();
            var metadata = new SortedDictionary<string, string>(file.Metadata.ToDictionary(), StringComparer.Ordinal);
            metadata.Remove(CheckpointMetadata.Checksum, out var written);
            if (ContentSum.Of(metadata, tensors) != written)
                throw new FormatException("is damaged: its content does not have the SHA-256 that it was written with");
            FiniteNumbers.Check(path, tensors);
            return CheckpointMetadata.Held(new(facts, state, tensors) { Path = path }, metadata);
        }
        catch (FormatException e)
        {
            throw new ModelFormatException(path, "", e.Message, e);
        }
    }

    private static void CheckFinite(string path, Checkpoint checkpoint)
    {
        foreach (var (name, tensor) in checkpoint.Tensors)
            if (FiniteNumbers.Problem(tensor) is { } problem) throw new TrainingException($"{path}: not written, because '{name}' {problem}");
    }
}
