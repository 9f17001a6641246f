using System.Buffers.Binary;

namespace Fovea.Data.Decoding;

/// <summary>Walks the marker segments of a JPEG stream (ITU-T T.81 §B) up to its first scan.</summary>
/// <param name="Header">Size, channels and orientation.</param>
/// <param name="ScanOffset">Where the first scan's header begins.</param>
internal readonly record struct JpegMarkers(ImageHeader Header, int ScanOffset)
{
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte App1 = 0xE1;

    public static JpegMarkers Read(ReadOnlySpan<byte> data, string path)
    {
        ImageHeader? frame = null;
        var orientation = 1;
        for (var position = 2; ;)
        {
            // Whatever stands between segments is skipped, as libjpeg does.
            while (position < data.Length && data[position] != 0xFF) position++;
            while (position < data.Length && data[position] == 0xFF) position++;
            if (position >= data.Length) throw Truncated(data, path);
            var marker = data[position++];
            if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD8)) continue;
            if (marker == EndOfImage) throw new ImageException(path, "the JPEG ends before its picture begins", "a JPEG with a scan");
            if (marker == StartOfScan)
            {
                if (frame is not { } header) throw new ImageException(path, "the JPEG has a scan but no frame header", "a frame header first");
                return new(header with { Orientation = orientation }, position - 2);
            }

            if (position + 2 > data.Length) throw Truncated(data, path);
            var length = BinaryPrimitives.ReadUInt16BigEndian(data[position..]);
            if (length < 2) throw new ImageException(path, $"JPEG segment {marker:X2} at byte {position} has the length {length}", "at least 2");
            if (position + length > data.Length) throw Truncated(data, path);
            var segment = data.Slice(position + 2, length - 2);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) frame = Frame(segment, path);
            if (marker == App1 && orientation == 1 && segment.StartsWith("Exif\0\0"u8)) orientation = Exif.Orientation(segment);
            position += length;
        }
    }

    /// <summary>Whether an end-of-image marker follows the first scan.</summary>
    public bool IsComplete(ReadOnlySpan<byte> data) => data[ScanOffset..].LastIndexOf((ReadOnlySpan<byte>)[0xFF, EndOfImage]) >= 0;

    public static ImageException Truncated(ReadOnlySpan<byte> data, string path) =>
        new(path, $"the JPEG is truncated: its data ends after {data.Length} bytes without an end-of-image marker", "the whole file");

    private static ImageHeader Frame(ReadOnlySpan<byte> segment, string path)
    {
        if (segment.Length < 6) throw new ImageException(path, $"the JPEG's frame header has {segment.Length} bytes", "at least 6");
        var (bits, channels) = (segment[0], segment[5]);
        var height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        if (bits != 8) throw new ImageException(path, $"the JPEG has {bits} bits per sample", "8");
        return channels is 1 or 3 or 4
            ? new(ImageFormat.Jpeg, width, height, channels, bits)
            : throw new ImageException(path, $"the JPEG has {channels} components", "1 (grey), 3 (colour) or 4 (CMYK)");
    }
}
