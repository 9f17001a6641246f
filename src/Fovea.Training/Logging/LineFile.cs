using System.Text;

namespace Fovea.Training.Logging;

/// <summary>A text file that grows by whole lines, each handed to the system at once, so that a killed process loses none.</summary>
internal sealed class LineFile : IDisposable
{
    private readonly FileStream _stream;

    /// <summary>Opens the file behind the last line that <paramref name="keeps"/> accepts; the first that it refuses, and all after it, go.</summary>
    internal LineFile(string path, Func<string, bool> keeps)
    {
        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            _stream.SetLength(KeptBytes(_stream, keeps));
            _stream.Seek(0, SeekOrigin.End);
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    internal bool IsEmpty => _stream.Length == 0;

    internal void Append(ReadOnlySpan<byte> line)
    {
        _stream.Write(line);
        _stream.WriteByte((byte)'\n');
        _stream.Flush();
    }

    internal void Append(string line) => Append(Encoding.UTF8.GetBytes(line));

    public void Dispose() => _stream.Dispose();

    private static long KeptBytes(FileStream stream, Func<string, bool> keeps)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var kept = 0;
        while (true)
        {
            var length = bytes.AsSpan(kept).IndexOf((byte)'\n');
            if (length < 0 || !keeps(Encoding.UTF8.GetString(bytes, kept, length))) return kept;
            kept += length + 1;
        }
    }
}
