using Fovea.Formats.MindSpore;
using Fovea.Formats.Paddle;
using Fovea.Formats.PyTorch;
using Fovea.Formats.Safetensors;
using Fovea.Formats.Storage;
using Fovea.Naming;
using Fovea.Tensors;

namespace Fovea.Formats.Weights;

/// <summary>Files of weights by name: safetensors and PyTorch state dicts; those of Paddle and MindSpore are read alone.</summary>
public static class WeightFile
{
    private static readonly Format[] s_formats =
    [
        new("safetensors", [".safetensors"], SafetensorsHeader.Recognises, ReadSafetensors, SafetensorsFile.Write),
        new("PyTorch", [".pth", ".pt", ".th"], PyTorchFile.Recognises, PyTorchFile.Read, (stream, tensors, _) => PyTorchFile.Write(stream, tensors)),
        new("Paddle", [".pdparams"], PaddleFile.Recognises, PaddleFile.Read, Write: null),
        new("MindSpore", [".ckpt"], MindSporeFile.Recognises, MindSporeFile.Read, Write: null),
    ];

    /// <summary>The extensions of the formats that are read: <c>.safetensors</c>, <c>.pth</c>, …</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. s_formats.SelectMany(format => format.Extensions)];

    /// <summary>Those of the formats that are written, too.</summary>
    public static IReadOnlyList<string> WrittenExtensions { get; } =
        [.. s_formats.Where(format => format.Write is not null).SelectMany(format => format.Extensions)];

    /// <summary>Reads all weights of a file, whose format is recognised by its content.</summary>
    /// <remarks>
    /// PyTorch's <c>num_batches_tracked</c> counters are left out, prefixes <c>module.</c>, <c>_orig_mod.</c>, <c>model.</c>, <c>backbone.</c> and
    /// <c>net.</c> that every name has are removed; <see cref="WeightSet.Notes"/> says so.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="key">
    /// The part to read, where a file has several: keys of a PyTorch file (<see cref="PyTorchFile.Read(string, string?)"/>), or how the names of the
    /// wanted tensors begin (<c>ema</c> for <c>ema.conv1.weight</c> or <c>ema/conv1.weight</c>).
    /// </param>
    /// <exception cref="ModelFormatException">The format is unknown, or the file is not what its format wants.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static WeightSet Read(string path, string? key = null)
    {
        using var file = InputFile.Open(path);
        return Read(file, key);
    }

    /// <summary>Reads from a seekable stream, which stays open; <paramref name="name"/> is for messages.</summary>
    /// <inheritdoc cref="Read(string, string?)" path="/exception"/>
    public static WeightSet Read(Stream stream, string name, string? key = null)
    {
        using var file = new InputFile(stream, name);
        return Read(file, key);
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
        var write = ByExtension(path)?.Write
            ?? throw new ArgumentException($"{path}: the extension says no weight format that is written; wanted {string.Join(", ", WrittenExtensions)}");
        AtomicFile.Write(path, stream => write(stream, tensors, metadata));
    }

    private static WeightSet Read(InputFile file, string? key)
    {
        if (s_formats.FirstOrDefault(format => format.Recognises(file)) is { } format) return format.Read(file, key);
        if (ForeignContent.Recognise(file) is { } foreign) throw file.Fail("", $"{foreign}; wanted {Wanted}");
        return (ByExtension(file.Name) ?? throw Unknown(file)).Read(file, key);
    }

    private static Format? ByExtension(string path) =>
        s_formats.FirstOrDefault(format => format.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase));

    private static string Wanted => $"a file of {string.Join(", ", s_formats.SkipLast(1).Select(format => format.Name))} or {s_formats[^1].Name}";

    private static ModelFormatException Unknown(InputFile file) =>
        file.Fail("", $"begins with {Convert.ToHexString(file.Head(8))}; wanted {Wanted}");

    private static WeightSet ReadSafetensors(InputFile file, string? key)
    {
        using var weights = SafetensorsFile.Open(file);
        var notes = new List<string>();
        var stored = weights.Entries.Select(entry => entry.Name).ToArray();
        var names = WeightNames.Clean((where, problem) => file.Fail(where, problem), stored, key ?? "", notes);
        return new(
            [.. names.Select(name => (name.Name, weights.Read(name.Stored)))], "safetensors", weights.Metadata,
            [.. notes.Select(note => Printable.Line(note))]);
    }

    private sealed record Format(
        string Name,
        string[] Extensions,
        Func<InputFile, bool> Recognises,
        Func<InputFile, string?, WeightSet> Read,
        Action<Stream, IReadOnlyList<(string Name, HostTensor Tensor)>, IReadOnlyDictionary<string, string>?>? Write);
}
