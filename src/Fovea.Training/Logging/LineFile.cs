using System.Runtime.InteropServices;
using System.Text;
using Fovea.Formats;

namespace Fovea.Training.Logging;

/// <summary>A text file that grows by whole lines, each handed to the system at once, so that a killed process loses none.</summary>
internal sealed class LineFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly List<byte> _line = [];

    /// <summary>Opens the file behind the last line that <paramref name="keeps"/> accepts; what follows goes.</summary>
    /// <remarks>A line that cannot be read stays where later ones are accepted: a power cut may leave one in the middle.</remarks>
    internal LineFile(string path, Func<string, bool> keeps)
    {
        if (new FileInfo(path) is { Exists: true, LinkTarget: not null } link
            && File.ResolveLinkTarget(link.FullName, returnFinalTarget: true) is FileInfo { Length: > 0 } other)
            throw new IOException($"{path}: is a link to {other.FullName}, a file that stays as it is; remove the link");

        // Without a buffer of its own, the stream keeps nothing of a write that failed.
        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        try
        {
            if (!_stream.CanSeek) throw new IOException($"{path}: is a pipe or a device; wanted a file, or nothing");
            Cut(KeptBytes(_stream, keeps));
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>The lines of such a file, as far as it is read; the last may be cut off.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static string[] Lines(string path, int mostBytes)
    {
        using var file = File.OpenRead(path);
        // A device has no length, and no end either.
        var text = new byte[Math.Min(file.Length, mostBytes)];
        var length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(text, 0, length).Split('\n');
    }

    internal bool IsEmpty => _stream.Length == 0;

    /// <exception cref="IOException">The line cannot be written; nothing of it is left in the file.</exception>
    internal void Append(ReadOnlySpan<byte> line)
    {
        _line.Clear();
        _line.AddRange(line);
        _line.Add((byte)'\n');
        var end = _stream.Position;
        try
        {
            _stream.Write(CollectionsMarshal.AsSpan(_line));
        }
        catch (Exception e) when (WriteFailure.Is(e))
        {
            TakeBack(end);
            throw;
        }
    }

    internal void Append(string line) => Append(Encoding.UTF8.GetBytes(line));

    public void Dispose() => _stream.Dispose();

    private void TakeBack(long end)
    {
        try
        {
            Cut(end);
        }
        catch (IOException)
        {
            // The failure that led here is the one to report.
        }
    }

    private void Cut(long end)
    {
        if (_stream.Length != end) _stream.SetLength(end);
        _stream.Seek(end, SeekOrigin.Begin);
    }

    private static long KeptBytes(FileStream stream, Func<string, bool> keeps)
    {
        var (kept, at, block, line) = (0L, 0L, new byte[1 << 16], new List<byte>());

        // No further than the file is long: what is no file, such as a device, may have no end.
        var left = stream.Length;
        while (left > 0 && stream.Read(block, 0, (int)Math.Min(block.Length, left)) is var count and > 0)
        {
            left -= count;
            for (var rest = block.AsSpan(0, count); rest.Length > 0;)
            {
                var length = rest.IndexOf((byte)'\n');
                line.AddRange(length < 0 ? rest : rest[..length]);
                at += length < 0 ? rest.Length : length + 1;
                if (length < 0) break;
                if (keeps(Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(line)))) kept = at;
                line.Clear();
                rest = rest[(length + 1)..];
            }
        }

        return kept;
    }
}
