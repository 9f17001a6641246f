using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Fovea.Formats.Tests.MindSpore;

/// <summary>Checkpoints as mindspore.save_checkpoint writes them, byte by byte.</summary>
internal static class Checkpoints
{
    /// <summary>A tensor, or a piece of one.</summary>
    internal static byte[] Tensor(string tag, long[] dims, string type, byte[] content)
    {
        byte[] tensor =
        [
            .. dims.SelectMany(dim => new byte[] { 0x08 }.Concat(Varint((ulong)dim))), .. Field(0x12, Encoding.UTF8.GetBytes(type)), .. Field(0x1A, content),
        ];
        return Field(0x0A, [.. Field(0x0A, Encoding.UTF8.GetBytes(tag)), .. Field(0x12, tensor)]);
    }

    internal static byte[] Floats(string tag, long[] dims, params float[] numbers)
    {
        var bytes = new byte[4 * numbers.Length];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), numbers[i]);
        return Tensor(tag, dims, "Float32", bytes);
    }

    /// <summary>The file with <c>crc_num</c> and its checksum behind it.</summary>
    internal static byte[] WithSum(byte[] file)
    {
        var sum = new byte[10];
        BinaryPrimitives.WriteUInt32BigEndian(sum.AsSpan(6), Crc32.HashToUInt32(file));
        return [.. file, .. "crc_num"u8, .. sum];
    }

    internal static byte[] Field(byte key, byte[] content) => [key, .. Varint((ulong)content.Length), .. content];

    private static IEnumerable<byte> Varint(ulong x)
    {
        for (; x >= 0x80; x >>= 7) yield return (byte)(x | 0x80);
        yield return (byte)x;
    }
}
