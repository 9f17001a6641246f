using Fovea.Paths;
using Microsoft.Win32.SafeHandles;

namespace Fovea.Data.Files;

/// <summary>Opens files that are files: what would wait (a FIFO), act (a device) or has no bytes (a folder, a socket) is never opened.</summary>
internal static class RegularFile
{
    /// <summary>Opens a file to be read from its beginning to its end.</summary>
    /// <exception cref="IOException">There is no file, or something else.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SafeFileHandle Open(string path)
    {
        if (FileFacts.Of(path) is { Kind: not (FileKind.File or FileKind.Unknown) } facts) throw new IOException($"it is no file but {Described(facts.Kind)}");
        try
        {
            return File.OpenHandle(path, options: FileOptions.SequentialScan);
        }
        catch (IOException e) when (PathProblem.OfLink(path) is { } link)
        {
            throw new IOException($"it {link}", e);
        }
    }

    /// <summary>Reads from the beginning until the span is full or the file ends.</summary>
    /// <returns>The number of bytes.</returns>
    public static int Fill(SafeFileHandle file, Span<byte> target)
    {
        var filled = 0;
        while (filled < target.Length && RandomAccess.Read(file, target[filled..], filled) is var n and > 0) filled += n;
        return filled;
    }

    internal static string Described(FileKind kind) => kind switch
    {
        FileKind.Fifo => "a FIFO",
        FileKind.Socket => "a socket",
        FileKind.Device => "a device",
        FileKind.Folder => "a folder",
        _ => "something else",
    };
}
