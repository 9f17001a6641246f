using Fovea.Formats.Storage;
using Fovea.Tensors;

namespace Fovea.Formats.Safetensors;

/// <summary>A safetensors file, opened for reading: the header is checked at once, elements are read tensor by tensor.</summary>
/// <remarks>
/// Format: github.com/huggingface/safetensors, README «Format». F64 and F16 become float32 (rounded to nearest; float16 is exact), I16 and
/// I64 become int32 (a number that does not fit fails), BOOL becomes 0 or 1 in uint8; the other types stay what they are. Not safe for
/// concurrent use.
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    private readonly InputFile _file;
    private readonly SafetensorsHeader _header;
    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsFile(InputFile file)
    {
        _file = file;
        _header = SafetensorsHeader.Read(file);
        _byName = _header.Entries.ToDictionary(entry => entry.Name);
    }

    /// <summary>The tensors in the order of the header.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => _header.Entries;

    /// <summary>The strings under <c>__metadata__</c>; empty if there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Whether the file at <paramref name="path"/> begins as a safetensors file does, whatever it is called.</summary>
    /// <exception cref="ModelFormatException">The path is that of a folder.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static bool IsOne(string path)
    {
        using var file = InputFile.Open(path);
        return SafetensorsHeader.Recognises(file);
    }

    /// <summary>Opens the file at <paramref name="path"/>.</summary>
    /// <exception cref="ModelFormatException">The header is not what the format wants: lengths, names, types, shapes, overlaps, holes.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = InputFile.Open(path);
        try
        {
            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads from a seekable stream, which stays open; <paramref name="name"/> is for messages.</summary>
    /// <inheritdoc cref="Open(string)" path="/exception"/>
    public static SafetensorsFile Open(Stream stream, string name) => new(new InputFile(stream, name));

    /// <summary>Writes a file: the header keeps the given order, its end is aligned to 8 bytes, every tensor to the size of its elements.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="tensors">Names and tensors. Wide elements are laid before narrow ones, which aligns all of them without holes.</param>
    /// <param name="metadata">Strings to keep under <c>__metadata__</c>; none by default.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or one is called <c>__metadata__</c>.</exception>
    public static void Write(
        Stream stream, IReadOnlyList<(string Name, HostTensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafetensorsWriter.Write(stream, tensors, metadata);

    /// <summary>The elements of one tensor, in memory of their own.</summary>
    /// <exception cref="ModelFormatException">There is no tensor of that name, or an integer does not fit into 32 bits.</exception>
    public HostTensor Read(string name)
    {
        if (!_byName.TryGetValue(name, out var entry)) throw _file.Fail($"tensor '{name}'", $"is not among the {_byName.Count} tensors of the file");
        var where = $"tensor '{name}'";
        var bytes = _file.Read(_header.DataOffset + entry.Begin, entry.End - entry.Begin, where);
        return StoredElements.ToHost(entry.Stored, entry.Shape, bytes, problem => _file.Fail(where, problem));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    internal static SafetensorsFile Open(InputFile file) => new(file);
}
