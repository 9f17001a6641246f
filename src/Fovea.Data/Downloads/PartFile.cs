using Fovea.Data.Files;
using Fovea.Data.Sources;

namespace Fovea.Data.Downloads;

/// <summary>What has come of a file, beside its name with <c>.part</c>; one process at a time writes it, and one that dies gives it back.</summary>
internal sealed class PartFile : IDisposable
{
    private const int WouldBlock = 11;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;
    private bool _isGone;

    private PartFile(string path, FileStream file) => (Path, _file) = (path, file);

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>How many bytes have come.</summary>
    public long Length => _file.Length;

    /// <summary>The part of a file of that name.</summary>
    public static string Of(string path) => path + ".part";

    /// <summary>Takes a part, or begins one.</summary>
    /// <param name="path">Where it lies.</param>
    /// <returns>Null while another process has it.</returns>
    /// <exception cref="DataException">Something else stands there.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static PartFile? TryTake(string path)
    {
        if (FileFacts.Of(path, followLink: false) is { Kind: not (FileKind.File or FileKind.Unknown) })
            throw new DataException(path, "this is no file", "the part of a download, or nothing");
        if (TryOpen(path) is not { } file) return null;
        // Whoever had it may have renamed or removed it after this opened it.
        if (FileFacts.Of(file.SafeFileHandle) is not { } mine || FileFacts.Of(path, followLink: false) == mine) return new(path, file);
        file.Dispose();
        return null;
    }

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => _file.Write(bytes);

    /// <summary>Begins anew.</summary>
    public void Clear() => _file.SetLength(0);

    /// <summary>Goes to the end, to add there.</summary>
    public void SeekEnd() => _file.Seek(0, SeekOrigin.End);

    /// <summary>All that has come, on the disk, from its beginning.</summary>
    public Stream Content()
    {
        _file.Flush(flushToDisk: true);
        _file.Seek(0, SeekOrigin.Begin);
        return _file;
    }

    /// <summary>Gives it the name of the whole file; nothing is overwritten.</summary>
    public void Become(string path)
    {
        File.Move(Path, path, overwrite: false);
        _isGone = true;
    }

    /// <summary>Removes it.</summary>
    public void Delete()
    {
        File.Delete(Path);
        _isGone = true;
    }

    /// <summary>Gives it back; nothing stays of one into which nothing has come.</summary>
    public void Dispose()
    {
        using (_file)
            if (!_isGone && _file.Length == 0) Delete();
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            // On Unix, sharing nothing takes an exclusive flock.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (e.HResult is WouldBlock or SharingViolation)
        {
            return null;
        }
    }
}
