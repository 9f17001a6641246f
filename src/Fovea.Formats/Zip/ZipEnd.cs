using System.Buffers.Binary;
using Fovea.Formats.Storage;

namespace Fovea.Formats.Zip;

/// <summary>Where the central directory of a zip file lies.</summary>
internal readonly record struct ZipEnd(long Offset, long Bytes, long Records)
{
    private const uint EndRecord = 0x06054B50;
    private const uint End64Record = 0x06064B50;
    private const uint End64Locator = 0x07064B50;
    private const int EndBytes = 22;
    private const int LocatorBytes = 20;
    private const int End64Bytes = 56;
    private const int LongestComment = ushort.MaxValue;

    internal static ZipEnd Find(InputFile file)
    {
        var length = (int)Math.Min(file.Length, EndBytes + LongestComment);
        var tail = file.Read(file.Length - length, length, "zip end record");
        for (var at = length - EndBytes; at >= 0; at--)
        {
            var record = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(record) != EndRecord) continue;
            if (BinaryPrimitives.ReadUInt16LittleEndian(record[20..]) != record.Length - EndBytes) continue;
            return Find64(file, file.Length - length + at) ?? new(
                BinaryPrimitives.ReadUInt32LittleEndian(record[16..]),
                BinaryPrimitives.ReadUInt32LittleEndian(record[12..]),
                BinaryPrimitives.ReadUInt16LittleEndian(record[10..]));
        }

        throw file.Fail("", $"begins like a zip file but has no end record in its last {length} bytes; it is probably truncated");
    }

    private static ZipEnd? Find64(InputFile file, long endRecord)
    {
        if (endRecord < LocatorBytes) return null;
        var locator = file.Read(endRecord - LocatorBytes, LocatorBytes, "zip64 locator").AsSpan();
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != End64Locator) return null;
        var record = file.Read(BinaryPrimitives.ReadInt64LittleEndian(locator[8..]), End64Bytes, "zip64 end record").AsSpan();
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != End64Record) throw file.Fail("zip64 end record", "is not where its locator points");
        return new(
            BinaryPrimitives.ReadInt64LittleEndian(record[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[32..]));
    }
}
