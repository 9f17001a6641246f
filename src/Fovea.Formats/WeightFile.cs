using Fovea.Formats.PyTorch;
using Fovea.Formats.Safetensors;
using Fovea.Formats.Storage;
using Fovea.Tensors;

namespace Fovea.Formats;

/// <summary>Files of weights by name: safetensors and PyTorch state dicts.</summary>
public static class WeightFile
{
    private static readonly Format[] s_formats =
    [
        new("safetensors", [".safetensors"], SafetensorsHeader.Recognises, ReadSafetensors, SafetensorsFile.Write),
        new("PyTorch", [".pth", ".pt", ".th"], PyTorchFile.Recognises, PyTorchFile.Read, (stream, tensors, _) => PyTorchFile.Write(stream, tensors)),
    ];

    /// <summary>Reads all weights of a file, whose format is recognised by its content.</summary>
    /// <remarks>
    /// PyTorch's <c>num_batches_tracked</c> counters are left out, a prefix <c>module.</c> or <c>_orig_mod.</c> that every name has is
    /// removed; <see cref="WeightSet.Notes"/> says so.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="stateDict">For PyTorch files with several state dicts, the one to read; see <see cref="PyTorchFile.Read(string, string?)"/>.</param>
    /// <exception cref="ModelFormatException">The format is unknown, or the file is not what its format wants.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static WeightSet Read(string path, string? stateDict = null)
    {
        using var file = InputFile.Open(path);
        return Read(file, stateDict);
    }

    /// <summary>Reads from a seekable stream, which stays open; <paramref name="name"/> is for messages.</summary>
    /// <inheritdoc cref="Read(string, string?)" path="/exception"/>
    public static WeightSet Read(Stream stream, string name, string? stateDict = null)
    {
        using var file = new InputFile(stream, name);
        return Read(file, stateDict);
    }

    /// <summary>Writes weights in the format of the path's extension, as a whole or not at all (<see cref="AtomicFile"/>).</summary>
    /// <param name="path">Ends in <c>.safetensors</c>, <c>.pth</c>, <c>.pt</c> or <c>.th</c>.</param>
    /// <param name="tensors">Names and tensors, in the order to keep.</param>
    /// <param name="metadata">Strings to keep beside them in safetensors; a PyTorch state dict has no place for them and is written without.</param>
    /// <exception cref="ArgumentException">The extension is another, or two tensors have one name.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(
        string path, IReadOnlyList<(string Name, HostTensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var format = ByExtension(path)
            ?? throw new ArgumentException($"{path}: the extension says no weight format; wanted {string.Join(", ", s_formats.SelectMany(f => f.Extensions))}");
        AtomicFile.Write(path, stream => format.Write(stream, tensors, metadata));
    }

    private static WeightSet Read(InputFile file, string? stateDict)
    {
        if (file.Length == 0) throw file.Fail("", "is empty");
        if (file.Head(64).AsSpan().StartsWith("version https://git-lfs"u8))
            throw file.Fail("", "is a Git LFS pointer, not the weights; run 'git lfs pull'");
        var format = s_formats.FirstOrDefault(format => format.Recognises(file)) ?? ByExtension(file.Name) ?? throw Unknown(file);
        return format.Read(file, stateDict);
    }

    private static Format? ByExtension(string path) =>
        s_formats.FirstOrDefault(format => format.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase));

    private static ModelFormatException Unknown(InputFile file) =>
        file.Fail("", $"begins with {Convert.ToHexString(file.Head(8))}; wanted a file of {string.Join(" or ", s_formats.Select(format => format.Name))}");

    private static WeightSet ReadSafetensors(InputFile file, string? stateDict)
    {
        using var weights = SafetensorsFile.Open(file);
        var notes = new List<string>();
        var names = WeightNames.Clean(weights.Entries.Select(entry => entry.Name), notes);
        return new([.. names.Select(name => (name.Name, weights.Read(name.Stored)))], "safetensors", weights.Metadata, notes);
    }

    private sealed record Format(
        string Name,
        string[] Extensions,
        Func<InputFile, bool> Recognises,
        Func<InputFile, string?, WeightSet> Read,
        Action<Stream, IReadOnlyList<(string Name, HostTensor Tensor)>, IReadOnlyDictionary<string, string>?> Write);
}
