using System.Buffers.Binary;
using System.Text;
using Fovea.Formats.Checksums;
using Fovea.Formats.Storage;

namespace Fovea.Formats.Zip;

/// <summary>One record of a zip file, as the central directory describes it; its local header begins at <see cref="HeaderOffset"/>.</summary>
internal sealed record ZipRecord(string Name, int Method, int Flags, uint Crc, long PackedSize, long Size, long HeaderOffset);

/// <summary>The records of a zip file (PKWARE APPNOTE 6.3.9, with ZIP64); only records stored without compression can be read.</summary>
internal sealed class ZipDirectory
{
    private const uint LocalHeader = 0x04034B50;
    private const uint CentralHeader = 0x02014B50;
    private const int LocalHeaderBytes = 30;
    private const int CentralHeaderBytes = 46;
    private const int Encrypted = 1;

    private readonly InputFile _file;
    private readonly Dictionary<string, ZipRecord> _records = [];

    private ZipDirectory(InputFile file) => _file = file;

    internal IReadOnlyCollection<ZipRecord> Records => _records.Values;

    internal static bool Recognises(InputFile file)
    {
        var head = file.Head(4);
        return head.Length == 4 && BinaryPrimitives.ReadUInt32LittleEndian(head) == LocalHeader;
    }

    internal static ZipDirectory Read(InputFile file)
    {
        var end = ZipEnd.Find(file);
        var directory = new ZipDirectory(file);
        directory.Parse(file.Read(end.Offset, end.Bytes, "zip directory"), end.Records);
        return directory;
    }

    internal ZipRecord? Find(string name) => _records.GetValueOrDefault(name);

    /// <summary>Where the bytes of a record begin in the file.</summary>
    internal long Locate(ZipRecord record)
    {
        var where = $"record '{record.Name}'";
        if ((record.Flags & Encrypted) != 0) throw _file.Fail(where, "is encrypted");
        if (record.Method != 0 || record.PackedSize != record.Size)
            throw _file.Fail(
                where, $"is compressed (method {record.Method}, {record.PackedSize} of {record.Size} bytes); wanted a stored record, as PyTorch writes them");
        var header = _file.Read(record.HeaderOffset, LocalHeaderBytes, where);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalHeader) throw _file.Fail(where, $"has no local header at byte {record.HeaderOffset}");
        var begin = record.HeaderOffset + LocalHeaderBytes + U16(header, 26) + U16(header, 28);
        if (record.Size > _file.Length - begin) throw _file.Fail(where, $"takes {record.Size} bytes from byte {begin}, but the file has {_file.Length}");
        return begin;
    }

    /// <summary>The bytes of a record, checked against its CRC-32.</summary>
    internal byte[] Read(ZipRecord record)
    {
        var bytes = _file.Read(Locate(record), record.Size, $"record '{record.Name}'");
        Check(record, Crc32.Of(bytes));
        return bytes;
    }

    /// <summary>Checks a record against its CRC-32 without keeping it in memory.</summary>
    internal void Check(ZipRecord record)
    {
        var begin = Locate(record);
        var crc = 0u;
        var window = new byte[(int)Math.Min(record.Size, 1 << 16)];
        for (var done = 0L; done < record.Size; done += window.Length)
        {
            var part = window.AsSpan(0, (int)Math.Min(window.Length, record.Size - done));
            _file.Read(begin + done, part, $"record '{record.Name}'");
            crc = Crc32.Append(crc, part);
        }

        Check(record, crc);
    }

    // PyTorch writes 0 when torch.serialization.set_crc32_options(False) is in force.
    private void Check(ZipRecord record, uint crc)
    {
        if (record.Crc != 0 && record.Crc != crc)
            throw _file.Fail($"record '{record.Name}'", $"is corrupted: its CRC-32 is {crc:x8}, the directory says {record.Crc:x8}");
    }

    private void Parse(byte[] bytes, long count)
    {
        var at = 0;
        for (var i = 0L; i < count; i++)
        {
            var where = $"zip directory, entry {i} of {count}";
            if (bytes.Length - at < CentralHeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) != CentralHeader)
                throw _file.Fail(where, $"does not begin at byte {at} of the directory, which has {bytes.Length}");
            var header = bytes.AsSpan(at, CentralHeaderBytes);
            var (name, extra, comment) = (U16(header, 28), U16(header, 30), U16(header, 32));
            at += CentralHeaderBytes;
            if (bytes.Length - at < name + extra + comment) throw _file.Fail(where, "goes past the end of the directory");
            var record = Record(header, Encoding.UTF8.GetString(bytes, at, name), bytes.AsSpan(at + name, extra), where);
            if (!_records.TryAdd(record.Name, record)) throw _file.Fail($"record '{record.Name}'", "stands twice in the zip directory");
            at += name + extra + comment;
        }
    }

    private ZipRecord Record(ReadOnlySpan<byte> header, string name, ReadOnlySpan<byte> extra, string where)
    {
        var wide = Zip64Fields(extra);
        var size = Wide(BinaryPrimitives.ReadUInt32LittleEndian(header[24..]), ref wide, where);
        var packed = Wide(BinaryPrimitives.ReadUInt32LittleEndian(header[20..]), ref wide, where);
        var offset = Wide(BinaryPrimitives.ReadUInt32LittleEndian(header[42..]), ref wide, where);
        return new(name, U16(header, 10), U16(header, 8), BinaryPrimitives.ReadUInt32LittleEndian(header[16..]), packed, size, offset);
    }

    /// <summary>A 32-bit field, or the next of the 64-bit ones that stand in for fields that are all ones.</summary>
    private long Wide(uint narrow, ref ReadOnlySpan<byte> wide, string where)
    {
        if (narrow != uint.MaxValue) return narrow;
        if (wide.Length < 8) throw _file.Fail(where, "lacks a 64-bit size or offset");
        var value = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[8..];
        return value >= 0 ? value : throw _file.Fail(where, $"has the size or offset {(ulong)value}");
    }

    private static ReadOnlySpan<byte> Zip64Fields(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var length = Math.Min(U16(extra, 2), extra.Length - 4);
            if (U16(extra, 0) == 1) return extra.Slice(4, length);
            extra = extra[(4 + length)..];
        }

        return [];
    }

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
