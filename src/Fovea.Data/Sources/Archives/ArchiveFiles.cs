using System.Formats.Tar;
using System.IO.Compression;
using Fovea.Data.Files;
using Fovea.Data.Transfer;
using Fovea.Naming;

namespace Fovea.Data.Sources.Archives;

/// <summary>Reads files out of a tar archive, gzipped or not, or out of a folder, whole and within limits; nothing is ever unpacked to a disk.</summary>
internal static class ArchiveFiles
{
    /// <summary>The most bytes of the files together.</summary>
    private static long MostBytes => Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2, 8L << 30);

    /// <summary>The files of an archive that are wanted, by their names without folders.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="isWanted">Whether a file of this name is read.</param>
    /// <param name="stop">Ends reading.</param>
    /// <exception cref="DataException">
    /// The archive is damaged or truncated, a wanted file is there twice, is a link, lies at a path that leads out of the archive, or is too large.
    /// </exception>
    public static Dictionary<string, byte[]> InTar(string archive, Predicate<string> isWanted, CancellationToken stop) => Guarded(archive, () =>
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var budget = MostBytes;
        using var stream = Opened(archive);
        using (var tar = new TarReader(stream, leaveOpen: true))
        {
            while (tar.GetNextEntry() is { } entry)
            {
                stop.ThrowIfCancellationRequested();
                var name = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
                if (!isWanted(name) || entry.EntryType == TarEntryType.Directory) continue;
                Check(archive, entry, budget);
                budget -= entry.Length;
                if (!files.TryAdd(name, Bytes(entry))) throw new DataException(archive, $"it holds {Printable.Of(name)} twice", "each file once");
            }
        }

        // What a gzip says of itself stands at its end.
        stream.CopyTo(Stream.Null);
        return files;
    });

    /// <summary>The files of a folder that are wanted, by their names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="names">The files.</param>
    /// <param name="stop">Ends reading.</param>
    /// <exception cref="DataException">A file cannot be read, or is too large.</exception>
    public static Dictionary<string, byte[]> InFolder(string folder, IEnumerable<string> names, CancellationToken stop)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var budget = MostBytes;
        foreach (var name in names)
        {
            stop.ThrowIfCancellationRequested();
            files[name] = Guarded(Path.Join(folder, name), () =>
            {
                using var file = RegularFile.Open(Path.Join(folder, name));
                var length = RandomAccess.GetLength(file);
                if (length > Math.Min(budget, Array.MaxLength)) throw TooLarge(Path.Join(folder, name), length, budget);
                budget -= length;
                var bytes = new byte[length];
                return RegularFile.Fill(file, bytes) == length ? bytes : throw new IOException("it was cut meanwhile");
            });
        }

        return files;
    }

    /// <summary>The content of a file, unpacked if it is gzipped, within a limit.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads the stream.</param>
    /// <exception cref="DataException">The file is damaged or cannot be read.</exception>
    public static T Content<T>(string path, Func<Stream, T> read) => Guarded(path, () =>
    {
        using var stream = Opened(path);
        return read(stream);
    });

    /// <summary>The names of what an archive holds, until enough are known.</summary>
    /// <exception cref="DataException">The archive is damaged.</exception>
    public static IReadOnlyList<string> Names(string archive, int most) => Guarded(archive, () =>
    {
        var names = new List<string>();
        using var stream = Opened(archive);
        using var tar = new TarReader(stream, leaveOpen: true);
        while (names.Count < most && tar.GetNextEntry() is { } entry)
            if (entry.EntryType != TarEntryType.Directory) names.Add(entry.Name);
        return names;
    });

    /// <summary>Does something with a file; whatever goes wrong with it is a <see cref="DataException"/>.</summary>
    public static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (TransferException e)
        {
            throw new DataException(path, e.Reason, e.Wanted, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or NotSupportedException)
        {
            var message = Printable.Line(e.Message.TrimEnd('.'));
            throw new DataException(
                path, e is UnauthorizedAccessException ? $"it cannot be read ({message})" : $"it is damaged, truncated, or cannot be read ({message})",
                "the whole file; 'fovea data download' fetches published ones and goes on where it stopped", e);
        }
    }

    private static Stream Opened(string path)
    {
        var file = new FileStream(RegularFile.Open(path), FileAccess.Read, bufferSize: 1 << 16);
        var isGzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return Unpacked(file, isGzip);
    }

    /// <summary>The content of a stream that may be gzipped.</summary>
    public static Stream Unpacked(Stream stream, bool isGzip) => isGzip ? new GZipStream(stream, CompressionMode.Decompress) : stream;

    private static void Check(string archive, TarEntry entry, long budget)
    {
        var name = Printable.Of(entry.Name);
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile))
            throw new DataException(archive, $"{name} is no file but {Described(entry.EntryType)}", "files alone");
        if (entry.Name.StartsWith('/') || entry.Name.Split('/').Contains(".."))
            throw new DataException(archive, $"the path {name} leads out of the archive", "paths within it");
        if (entry.Length > Math.Min(budget, Array.MaxLength)) throw TooLarge($"{archive}: {name}", entry.Length, budget);
    }

    private static string Described(TarEntryType type) => type switch
    {
        TarEntryType.SymbolicLink or TarEntryType.HardLink => "a link",
        TarEntryType.Fifo => "a FIFO",
        TarEntryType.BlockDevice or TarEntryType.CharacterDevice => "a device",
        _ => $"an entry of type {type}",
    };

    private static DataException TooLarge(string path, long length, long budget) =>
        new(path, $"it has {length} bytes, which are held in memory", $"at most {Math.Min(budget, Array.MaxLength)}");

    private static byte[] Bytes(TarEntry entry)
    {
        var bytes = new byte[entry.Length];
        entry.DataStream?.ReadExactly(bytes);
        return bytes;
    }
}
