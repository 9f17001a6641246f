using System.Buffers.Binary;
using Fovea.Formats.Checksums;

namespace Fovea.Formats.TensorBoard;

/// <summary>
/// TFRecord framing (tensorflow/core/lib/io/record_writer.h): the length in eight bytes, its masked CRC-32C, the data, their masked CRC-32C.
/// </summary>
internal static class RecordWriter
{
    private const uint MaskDelta = 0xA282EAD8;

    internal static void Write(Stream stream, ReadOnlySpan<byte> data)
    {
        // One write per record: a reader that follows the file then rarely meets half a record.
        var record = new byte[8 + 4 + data.Length + 4];
        BinaryPrimitives.WriteInt64LittleEndian(record, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), Masked(record.AsSpan(0, 8)));
        data.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), Masked(data));
        stream.Write(record);
    }

    /// <summary>The checksum, rotated and offset so that the checksum of data that hold checksums stays good.</summary>
    private static uint Masked(ReadOnlySpan<byte> bytes) => uint.RotateRight(Crc32C.Of(bytes), 15) + MaskDelta;
}
