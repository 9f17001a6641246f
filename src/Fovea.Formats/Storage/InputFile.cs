using Fovea.Paths;

namespace Fovea.Formats.Storage;

/// <summary>A file that is read at any place; a read that does not fit into it fails by name, before anything is allocated.</summary>
internal sealed class InputFile : IDisposable
{
    private readonly Stream _stream;
    private readonly bool _owned;

    /// <summary>Reads from <paramref name="stream"/>, which must be seekable and stays open.</summary>
    internal InputFile(Stream stream, string name)
        : this(stream, name, owned: false)
    {
    }

    private InputFile(Stream stream, string name, bool owned)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek) throw new ArgumentException("the stream cannot seek; wanted one that can, such as a file or a MemoryStream", nameof(stream));
        (_stream, _owned, Name, Length) = (stream, owned, name, stream.Length);
    }

    internal string Name { get; }

    internal long Length { get; }

    /// <summary>The content, for a library that reads by itself.</summary>
    internal Stream Stream => _stream;

    internal static InputFile Open(string path)
    {
        if (PathProblem.OfLink(path) is { } link) throw new ModelFormatException(path, "", $"{link}; wanted a file");
        if (Directory.Exists(path)) throw new ModelFormatException(path, "", "is a folder; wanted a file");
        if (SpecialFile.Is(path)) throw new ModelFormatException(path, "", "is a pipe, a socket or a device; wanted a file");
        return new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16), path, owned: true);
    }

    public void Dispose()
    {
        if (_owned) _stream.Dispose();
    }

    internal ModelFormatException Fail(string where, string problem, Exception? inner = null) => new(Name, where, problem, inner);

    internal byte[] Read(long offset, long count, string what)
    {
        Require(offset, count, what);
        if (count > Array.MaxLength) throw Fail(what, $"takes {count} bytes; at most {Array.MaxLength} can be read at once");
        var bytes = GC.AllocateUninitializedArray<byte>((int)count);
        Read(offset, bytes, what);
        return bytes;
    }

    internal void Read(long offset, Span<byte> bytes, string what)
    {
        Require(offset, bytes.Length, what);
        try
        {
            _stream.Position = offset;
            _stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException e)
        {
            throw Fail(what, $"the file became shorter than {Length} bytes while it was read", e);
        }
    }

    /// <summary>The first bytes, fewer if the file is shorter.</summary>
    internal byte[] Head(int count) => Read(0, Math.Min(count, Length), "start");

    private void Require(long offset, long count, string what)
    {
        if (offset < 0 || count < 0 || offset > Length || count > Length - offset)
            throw Fail(what, $"lies at byte {offset} and takes {count} bytes, but the file has {Length}; it may be truncated");
    }
}
