using System.Buffers.Binary;

namespace Fovea.Data.Decoding;

/// <summary>Walks the marker segments of a JPEG stream (ITU-T T.81 §B) up to its first scan.</summary>
/// <param name="Header">Size, channels and orientation.</param>
/// <param name="ScanOffset">Where the first scan's header begins.</param>
/// <param name="Blocks">The blocks of 8×8 samples of all components.</param>
/// <param name="Coding">The frame header's marker, which says how the scans are coded.</param>
internal readonly record struct JpegMarkers(ImageHeader Header, int ScanOffset, long Blocks, byte Coding)
{
    /// <summary>The most scans of an image; encoders write some ten, and with every successive approximation about thirty.</summary>
    internal const int MaxScans = 100;

    /// <summary>The most blocks that all scans together may go over: three times ten scans over all of the largest picture.</summary>
    internal const long MaxWork = 1L << 28;

    private const byte Sequential = 0xC1;
    private const byte FirstArithmetic = 0xC9;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte App1 = 0xE1;

    public static JpegMarkers Read(ReadOnlySpan<byte> data, string path)
    {
        (ImageHeader Header, long Blocks, byte Coding)? frame = null;
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
                if (frame is not var (header, blocks, coding))
                    throw new ImageException(path, "the JPEG has a scan but no frame header", "a frame header first");
                return new(header with { Orientation = orientation }, position - 2, blocks, coding);
            }

            if (position + 2 > data.Length) throw Truncated(data, path);
            var length = BinaryPrimitives.ReadUInt16BigEndian(data[position..]);
            if (length < 2) throw new ImageException(path, $"JPEG segment {marker:X2} at byte {position} has the length {length}", "at least 2");
            if (position + length > data.Length) throw Truncated(data, path);
            var segment = data.Slice(position + 2, length - 2);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) frame = Frame(segment, marker, path);
            if (marker == App1 && orientation == 1 && segment.StartsWith("Exif\0\0"u8)) orientation = Exif.Orientation(segment);
            position += length;
        }
    }

    /// <summary>Whether the codec keeps all coefficients, two bytes each, until it has seen every scan.</summary>
    public bool HasManyScans(ReadOnlySpan<byte> data) => Coding is not (0xC0 or Sequential or FirstArithmetic) || ComponentsOfScan(data) < Header.Channels;

    /// <summary>Throws if the data are too few for the picture, or the scans too many for it.</summary>
    public void CheckPlausible(ReadOnlySpan<byte> data, string path)
    {
        // A Huffman code has at least one bit, and every block has one at least for its mean; arithmetic codes have no such bound.
        if (Coding < FirstArithmetic && data.Length < Blocks / 8)
            throw new ImageException(
                path, $"the JPEG is truncated: {Header.Width}×{Header.Height} pixels do not fit {data.Length} bytes", $"at least {Blocks / 8} bytes");
        if (!HasManyScans(data)) return;
        var scans = CountScans(data);
        if (scans > MaxScans) throw new ImageException(path, $"the JPEG has more than {MaxScans} scans", $"at most {MaxScans}");
        if (scans * Blocks > MaxWork)
            throw new ImageException(path, $"the JPEG's {scans} scans go over {Blocks} blocks each", $"at most {MaxWork} blocks in all");
    }

    /// <summary>Whether an end-of-image marker follows the first scan.</summary>
    public bool IsComplete(ReadOnlySpan<byte> data) => data[ScanOffset..].LastIndexOf((ReadOnlySpan<byte>)[0xFF, EndOfImage]) >= 0;

    public static ImageException Truncated(ReadOnlySpan<byte> data, string path) =>
        new(path, $"the JPEG is truncated: its data ends after {data.Length} bytes without an end-of-image marker", "the whole file");

    private int ComponentsOfScan(ReadOnlySpan<byte> data) => ScanOffset + 4 < data.Length ? data[ScanOffset + 4] : 0;

    /// <summary>The number of scans, counted to one more than are accepted.</summary>
    private int CountScans(ReadOnlySpan<byte> data)
    {
        var scans = 0;
        for (var position = ScanOffset; position + 4 <= data.Length && scans <= MaxScans;)
        {
            // In a scan, FF stands for itself before 00, before a restart marker, and as a filler before another FF.
            var marker = data[position] == 0xFF ? data[position + 1] : (byte)0;
            if (marker is 0 or 1 or 0xFF or (>= 0xD0 and <= 0xD8))
            {
                var next = data[(position + 1)..].IndexOf((byte)0xFF);
                position = next < 0 ? data.Length : position + 1 + next;
                continue;
            }

            if (marker == EndOfImage) break;
            if (marker == StartOfScan) scans++;
            position += 2 + BinaryPrimitives.ReadUInt16BigEndian(data[(position + 2)..]);
        }

        return scans;
    }

    private static (ImageHeader Header, long Blocks, byte Coding) Frame(ReadOnlySpan<byte> segment, byte marker, string path)
    {
        if (segment.Length < 6) throw new ImageException(path, $"the JPEG's frame header has {segment.Length} bytes", "at least 6");
        var (bits, channels) = (segment[0], segment[5]);
        var height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        if (bits != 8) throw new ImageException(path, $"the JPEG has {bits} bits per sample", "8");
        if (channels is not (1 or 3 or 4)) throw new ImageException(path, $"the JPEG has {channels} components", "1 (grey), 3 (colour) or 4 (CMYK)");
        return (new(ImageFormat.Jpeg, width, height, channels, bits), CountBlocks(segment, width, height, channels, path), marker);
    }

    private static long CountBlocks(ReadOnlySpan<byte> segment, int width, int height, int channels, string path)
    {
        if (segment.Length < 6 + (3 * channels)) throw new ImageException(path, $"the JPEG's frame header has {segment.Length} bytes", $"{6 + (3 * channels)}");
        var (across, down) = (1, 1);
        for (var c = 0; c < channels; c++)
        {
            var (x, y) = Sampling(segment, c);
            if (x is < 1 or > 4 || y is < 1 or > 4) throw new ImageException(path, $"the JPEG's component {c} is sampled {x}×{y}", "1 to 4 each way");
            (across, down) = (Math.Max(across, x), Math.Max(down, y));
        }

        var blocks = 0L;
        for (var c = 0; c < channels; c++)
        {
            var (x, y) = Sampling(segment, c);
            blocks += (long)BlocksAlong(width, x, across) * BlocksAlong(height, y, down);
        }

        return blocks;
    }

    private static (int X, int Y) Sampling(ReadOnlySpan<byte> segment, int component) =>
        (segment[7 + (3 * component)] >> 4, segment[7 + (3 * component)] & 15);

    private static int BlocksAlong(int pixels, int sampling, int most) => ((((pixels * sampling) + most - 1) / most) + 7) / 8;
}
