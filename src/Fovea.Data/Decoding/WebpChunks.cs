using System.Buffers.Binary;

namespace Fovea.Data.Decoding;

/// <summary>Walks the RIFF chunks of a WebP file (RFC 9649 §2).</summary>
internal static class WebpChunks
{
    private const int FirstChunk = 12;
    private const byte AnimationFlag = 0x02;
    private const byte AlphaFlag = 0x10;

    public static ImageHeader ReadHeader(ReadOnlySpan<byte> data, string path)
    {
        if (data.Length < 30) throw Truncated(data, path);
        var type = data.Slice(FirstChunk, 4);
        if (type.SequenceEqual("VP8 "u8)) return Lossy(data[(FirstChunk + 8)..], path);
        if (type.SequenceEqual("VP8L"u8)) return Lossless(data[(FirstChunk + 8)..], path);
        if (!type.SequenceEqual("VP8X"u8)) throw new ImageException(path, $"the WebP begins with the chunk {Convert.ToHexString(type)}", "VP8, VP8L or VP8X");
        if ((data[20] & AnimationFlag) != 0) throw new ImageException(path, "the WebP is an animation", "a still image");
        var channels = (data[20] & AlphaFlag) != 0 ? 4 : 3;
        return new(ImageFormat.WebP, U24(data[24..]) + 1, U24(data[27..]) + 1, channels, 8, ReadOrientation(data));
    }

    /// <summary>Throws if the file is shorter than it says.</summary>
    public static void CheckComplete(ReadOnlySpan<byte> data, string path)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(data[4..]) > data.Length - 8) throw Truncated(data, path);
    }

    private static ImageHeader Lossy(ReadOnlySpan<byte> frame, string path)
    {
        if (frame[3] != 0x9D || frame[4] != 0x01 || frame[5] != 0x2A)
            throw new ImageException(path, "the WebP has no key frame's start code", "9D012A");
        var width = BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]) & 0x3FFF;
        var height = BinaryPrimitives.ReadUInt16LittleEndian(frame[8..]) & 0x3FFF;
        return new(ImageFormat.WebP, width, height, 3, 8);
    }

    private static ImageHeader Lossless(ReadOnlySpan<byte> frame, string path)
    {
        if (frame[0] != 0x2F) throw new ImageException(path, $"the lossless WebP begins with the byte {frame[0]:X2}", "2F");
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(frame[1..]);
        var hasAlpha = (bits >> 28 & 1) != 0;
        return new(ImageFormat.WebP, (int)(bits & 0x3FFF) + 1, (int)(bits >> 14 & 0x3FFF) + 1, hasAlpha ? 4 : 3, 8);
    }

    private static int ReadOrientation(ReadOnlySpan<byte> data)
    {
        for (long position = FirstChunk; position + 8 <= data.Length;)
        {
            var chunk = data[(int)position..];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("EXIF"u8)) return length <= chunk.Length - 8 ? Exif.Orientation(chunk.Slice(8, (int)length)) : 1;
            position += 8 + length + (length & 1);
        }

        return 1;
    }

    private static int U24(ReadOnlySpan<byte> data) => data[0] | (data[1] << 8) | (data[2] << 16);

    private static ImageException Truncated(ReadOnlySpan<byte> data, string path) =>
        new(path, $"the WebP is truncated: its data ends after {data.Length} bytes", "the whole file");
}
