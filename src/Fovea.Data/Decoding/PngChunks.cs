using System.Buffers.Binary;

namespace Fovea.Data.Decoding;

/// <summary>Walks the chunks of a PNG stream (ISO/IEC 15948 §5).</summary>
internal static class PngChunks
{
    internal const byte Palette = 3;
    internal const byte GreyAlpha = 4;
    internal const byte ColourAlpha = 6;

    private const int HeaderEnd = 33;

    // RFC 1951: a match of 258 bytes takes two bits at least.
    private const int MostInflated = 1032;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The colour type; the header must have been read before.</summary>
    public static byte ColourType(ReadOnlySpan<byte> data) => data[25];

    public static ImageHeader ReadHeader(ReadOnlySpan<byte> data, string path)
    {
        if (data.Length < HeaderEnd) throw Truncated(data, path);
        if (!data[12..].StartsWith("IHDR"u8) || BinaryPrimitives.ReadUInt32BigEndian(data[8..]) != 13)
            throw new ImageException(path, "the PNG does not begin with a header chunk", "IHDR of 13 bytes");
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(data[16..]), BinaryPrimitives.ReadUInt32BigEndian(data[20..]));
        if (width > int.MaxValue || height > int.MaxValue)
            throw new ImageException(path, $"the PNG's header says {width}×{height} pixels", $"sides of at most {int.MaxValue}");
        var channels = ColourType(data) switch
        {
            0 => 1,
            2 or Palette => 3,
            GreyAlpha => 2,
            ColourAlpha => 4,
            var type => throw new ImageException(path, $"the PNG has the colour type {type}", "0, 2, 3, 4 or 6"),
        };
        return new(ImageFormat.Png, (int)width, (int)height, channels, data[24], ReadOrientation(data));
    }

    /// <summary>Copies the critical chunks alone, so that no colour profile, gamma or transparency alters samples.</summary>
    /// <returns>The number of bytes written to <paramref name="target"/>, which is as long as <paramref name="data"/> at least.</returns>
    public static int CopyCritical(ReadOnlySpan<byte> data, Span<byte> target, string path)
    {
        Signature.CopyTo(target);
        var written = Signature.Length;
        for (var position = Signature.Length; TryChunk(data, position, out var length); position += length)
        {
            var chunk = data.Slice(position, length);
            var type = chunk.Slice(4, 4);
            var isCritical = (type[0] & 0x20) == 0;
            if (!isCritical) continue;
            chunk.CopyTo(target[written..]);
            written += length;
            if (type.SequenceEqual("IEND"u8)) return written;
        }

        throw Truncated(data, path);
    }

    /// <summary>Throws if the data are too few for the picture, however well they are packed.</summary>
    public static void CheckPlausible(ReadOnlySpan<byte> data, ImageHeader header, string path)
    {
        var samples = ColourType(data) == Palette ? 1 : header.Channels;
        var raw = header.Height * (1 + ((((long)header.Width * samples * header.BitsPerChannel) + 7) / 8));
        if (data.Length < raw / MostInflated)
            throw new ImageException(
                path, $"the PNG is truncated: {header.Width}×{header.Height} pixels do not fit {data.Length} bytes", $"at least {raw / MostInflated} bytes");
    }

    private static int ReadOrientation(ReadOnlySpan<byte> data)
    {
        for (var position = Signature.Length; TryChunk(data, position, out var length); position += length)
            if (data[(position + 4)..].StartsWith("eXIf"u8))
                return Exif.Orientation(data.Slice(position + 8, length - 12));
        return 1;
    }

    private static bool TryChunk(ReadOnlySpan<byte> data, int position, out int length)
    {
        length = 0;
        if (data.Length - position < 12) return false;
        var content = BinaryPrimitives.ReadUInt32BigEndian(data[position..]);
        if (content > data.Length - position - 12) return false;
        length = (int)content + 12;
        return true;
    }

    private static ImageException Truncated(ReadOnlySpan<byte> data, string path) =>
        new(path, $"the PNG is truncated: its data ends after {data.Length} bytes without an end chunk", "the whole file");
}
