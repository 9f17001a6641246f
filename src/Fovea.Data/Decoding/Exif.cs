using System.Buffers.Binary;

namespace Fovea.Data.Decoding;

/// <summary>Reads the orientation from EXIF data (a TIFF structure, EXIF 2.32 §4.6).</summary>
internal static class Exif
{
    private const int OrientationTag = 0x0112;
    private const int Short = 3;

    /// <summary>The orientation, 1 to 8; 1 where the data has none or makes no sense.</summary>
    public static int Orientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.StartsWith("Exif\0\0"u8)) tiff = tiff[6..];
        if (tiff.Length < 8) return 1;
        var little = tiff.StartsWith("II"u8);
        if (!little && !tiff.StartsWith("MM"u8)) return 1;

        var directory = U32(tiff[4..], little);
        if (directory > tiff.Length - 2) return 1;
        var entries = tiff[(int)directory..];
        var count = U16(entries, little);
        entries = entries[2..];
        for (var i = 0; i < count && entries.Length >= 12; i++, entries = entries[12..])
            if (U16(entries, little) == OrientationTag && U16(entries[2..], little) == Short)
                return U16(entries[8..], little) is var value and >= 1 and <= 8 ? value : 1;
        return 1;
    }

    private static int U16(ReadOnlySpan<byte> data, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(data) : BinaryPrimitives.ReadUInt16BigEndian(data);

    private static uint U32(ReadOnlySpan<byte> data, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(data) : BinaryPrimitives.ReadUInt32BigEndian(data);
}
