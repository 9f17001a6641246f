using System.Collections.Concurrent;
using System.Text;
using Fovea.Paths;

namespace Fovea.Formats;

/// <summary>Writes whole files: a reader sees the old content or the new, never a part, also after a crash or a power cut.</summary>
public static class AtomicFile
{
    /// <summary>Bytes of a name on Linux.</summary>
    private const int LongestName = 255;

    /// <summary>Path.GetRandomFileName gives eight characters, a dot and three more.</summary>
    private const string RandomEnd = "12345678.123.tmp";

    /// <summary>What is being written; a process that is ended meanwhile leaves none of it.</summary>
    private static readonly ConcurrentDictionary<string, bool> s_underWay = [];

    static AtomicFile() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var temporary in s_underWay.Keys) DeleteQuietly(temporary);
    };

    /// <summary>Replaces or creates <paramref name="path"/> with what <paramref name="write"/> writes.</summary>
    /// <remarks>
    /// A temporary file in the same folder is written, flushed to the disk and renamed; on Linux the folder is flushed too. If anything
    /// fails, the temporary file is deleted and the old content stays. A symbolic link at <paramref name="path"/> is replaced, not followed.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="check">Given the path of the temporary file before it is renamed; what it throws keeps the old content.</param>
    /// <exception cref="IOException">The path leads to a pipe, a socket or a device, the disk is full, the folder is missing, or writing to it is not permitted; the message says which.</exception>
    public static void Write(string path, Action<Stream> write, Action<string>? check = null)
    {
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target) ?? throw new IOException($"{path}: is a root folder; wanted the path of a file");
        if (SpecialFile.Is(target)) throw new IOException($"{path}: is a pipe, a socket or a device; wanted the path of a file");
        var temporary = Path.Combine(folder, $"{TemporaryPrefix(target)}{Path.GetRandomFileName()}.tmp");
        s_underWay[temporary] = true;
        try
        {
            using (var stream = Create(path, temporary))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            check?.Invoke(temporary);
            Rename(path, temporary, target);
            FolderSync.Flush(folder);
        }
        catch (Exception e)
        {
            DeleteQuietly(temporary);
            if (PathProblem.IsFull(e))
                throw new IOException($"{path}: {PathProblem.OfFile(path, e)}; what was there before is untouched", e) { HResult = e.HResult };
            if (WriteFailure.IsTooLarge(e))
                throw new IOException($"{path}: the file is larger than this process may write (ulimit -f); what was there before is untouched", e);
            throw;
        }
        finally
        {
            s_underWay.TryRemove(temporary, out _);
        }
    }

    /// <summary>Deletes the temporary files that killed processes left beside <paramref name="path"/>; only for whoever alone writes it.</summary>
    /// <returns>How many were deleted.</returns>
    public static int DeleteLeftovers(string path)
    {
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target);
        if (folder is null || !Directory.Exists(folder)) return 0;
        var leftovers = Directory.GetFiles(folder).Where(file => IsTemporaryOf(target, Path.GetFileName(file))).ToArray();
        foreach (var file in leftovers) File.Delete(file);
        return leftovers.Length;
    }

    /// <summary>How the names of a target's temporary files begin: with its own, or, if that is nearly as long as names may be, the beginning of it.</summary>
    private static string TemporaryPrefix(string target)
    {
        var name = Path.GetFileName(target);
        while (Encoding.UTF8.GetByteCount(name) > LongestName - RandomEnd.Length - 2) name = name[..^1];
        return $".{name}.";
    }

    private static bool IsTemporaryOf(string target, string name) =>
        name.StartsWith(TemporaryPrefix(target), StringComparison.Ordinal)
        && name.EndsWith(".tmp", StringComparison.Ordinal)
        && name.Length == TemporaryPrefix(target).Length + RandomEnd.Length;

    private static FileStream Create(string path, string temporary)
    {
        try
        {
            return new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: {PathProblem.OfFile(path, e)}", e) { HResult = e.HResult };
        }
    }

    private static void Rename(string path, string temporary, string target)
    {
        if (Directory.Exists(target)) throw new IOException($"{path}: is a folder; wanted the path of a file");
        try
        {
            File.Move(temporary, target, overwrite: true);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path}: no permission to replace the file", e);
        }
        catch (IOException e)
        {
            throw new IOException($"{path}: {PathProblem.OfFile(path, e)}", e) { HResult = e.HResult };
        }
    }

    private static void DeleteQuietly(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report.
        }
    }
}
