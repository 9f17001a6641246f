using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using Fovea.Formats.Storage;

namespace Fovea.Formats.Zip;

/// <summary>The records of a zip file by name. Only records stored without compression are read, so none is larger than the file.</summary>
internal sealed class ZipRecords : IDisposable
{
    // What .NET gives an IOException of its own making, such as a seek to before the beginning; those of the system carry the system's number.
    private const int NotOfTheSystem = unchecked((int)0x80131620);

    private readonly InputFile _file;
    private readonly ZipArchive _archive;
    private readonly OrderedDictionary<string, ZipArchiveEntry> _entries = [];

    private ZipRecords(InputFile file, ZipArchive archive) => (_file, _archive) = (file, archive);

    internal IReadOnlyList<string> Names => _entries.Keys;

    internal static bool Recognises(InputFile file) => file.Head(4) is [(byte)'P', (byte)'K', 3, 4] or [(byte)'P', (byte)'K', 5, 6];

    /// <summary>Reads the directory; the file stays open when the records are disposed.</summary>
    internal static ZipRecords Open(InputFile file)
    {
        var records = Guarded(
            () => new ZipRecords(file, new ZipArchive(file.Stream, ZipArchiveMode.Read, leaveOpen: true, Encoding.UTF8)),
            e => file.Fail("", $"begins like a zip file, but has no directory at its end ({e.Message}); it is probably truncated", e));
        try
        {
            records.Index();
            return records;
        }
        catch
        {
            records.Dispose();
            throw;
        }
    }

    public void Dispose() => _archive.Dispose();

    internal bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>The bytes of a record, checked against its CRC-32.</summary>
    /// <param name="name">The record.</param>
    /// <param name="wanted">How many bytes it has to have, and why; null where any number will do.</param>
    internal byte[] Read(string name, (Int128 Bytes, string Reason)? wanted = null)
    {
        var entry = _entries[name];
        var where = $"record '{name}'";
        if (entry.IsEncrypted) throw _file.Fail(where, "is encrypted");
        if (entry.CompressedLength != entry.Length)
            throw _file.Fail(where, $"is compressed ({entry.CompressedLength} of {entry.Length} bytes); wanted stored records, as torch.save writes them");
        if (wanted is var (count, reason) && entry.Length != count) throw _file.Fail(where, $"has {entry.Length} bytes; {reason} take {count}");
        if (entry.Length > Array.MaxLength) throw _file.Fail(where, $"has {entry.Length} bytes; at most {Array.MaxLength} can be read at once");
        var bytes = Guarded(() => Content(entry), e => _file.Fail(where, $"cannot be read: {e.Message}", e));

        // PyTorch writes 0 when torch.serialization.set_crc32_options(False) is in force.
        if (entry.Crc32 != 0 && Crc32.HashToUInt32(bytes) is var crc && crc != entry.Crc32)
            throw _file.Fail(where, $"is corrupted: its CRC-32 is {crc:x8}, the directory says {entry.Crc32:x8}");
        return bytes;
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        var bytes = GC.AllocateUninitializedArray<byte>((int)entry.Length);
        content.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Names the records, once all together are no larger than the file.</summary>
    private void Index()
    {
        var total = 0L;
        foreach (var entry in Guarded(() => _archive.Entries, e => _file.Fail("zip directory", $"is damaged: {e.Message}", e)))
        {
            var where = $"record '{entry.FullName}'";
            if (!_entries.TryAdd(entry.FullName, entry)) throw _file.Fail(where, "stands twice in the zip directory");
            if (entry.CompressedLength < 0 || entry.CompressedLength > _file.Length - total)
                throw _file.Fail(
                    where, $"overlaps others: with it the records take {(Int128)total + entry.CompressedLength} of the file's {_file.Length} bytes");
            total += entry.CompressedLength;
        }
    }

    private static T Guarded<T>(Func<T> read, Func<Exception, ModelFormatException> fail)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ArgumentException or OverflowException or NotSupportedException
            or IOException { HResult: NotOfTheSystem })
        {
            throw fail(e);
        }
    }
}
