using System.Buffers.Binary;
using System.Numerics;

namespace Fovea.Formats.Checksums;

/// <summary>CRC-32C (Castagnoli; RFC 3720 §12.1): the checksum of TFRecord files, with an instruction of its own on most processors.</summary>
public static class Crc32C
{
    /// <summary>The checksum of <paramref name="bytes"/>; of «123456789» it is 0xE3069283.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>The checksum of what gave <paramref name="crc"/> followed by <paramref name="bytes"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var c = ~crc;
        for (; bytes.Length >= 8; bytes = bytes[8..]) c = BitOperations.Crc32C(c, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) c = BitOperations.Crc32C(c, b);
        return ~c;
    }
}
