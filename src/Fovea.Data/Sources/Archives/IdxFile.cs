using System.Buffers.Binary;

namespace Fovea.Data.Sources.Archives;

/// <summary>Reads files in the IDX format of MNIST, gzipped or not: a magic number, big-endian sizes, bytes.</summary>
internal static class IdxFile
{
    private const int ImagesMagic = 0x0803;
    private const int LabelsMagic = 0x0801;
    private const int LargestSide = 4096;

    /// <summary>Images [N, H, W] of 8 bits.</summary>
    /// <exception cref="DataException">The file is of another type, truncated, longer than its header says, or too large.</exception>
    public static (int Count, int Height, int Width, byte[] Data) Images(string path) => ArchiveFiles.Content(path, stream =>
    {
        var sizes = Header(path, stream, ImagesMagic, 3);
        var (count, height, width) = (sizes[0], sizes[1], sizes[2]);
        if (height is < 1 or > LargestSide || width is < 1 or > LargestSide)
            throw new DataException(path, $"its images have {width}×{height} pixels", $"1×1 to {LargestSide}×{LargestSide}");
        return ((int)count, (int)height, (int)width, Data(path, stream, count * height * width));
    });

    /// <summary>Labels [N].</summary>
    /// <exception cref="DataException">As of <see cref="Images"/>.</exception>
    public static byte[] Labels(string path) => ArchiveFiles.Content(path, stream => Data(path, stream, Header(path, stream, LabelsMagic, 1)[0]));

    private static long[] Header(string path, Stream stream, int magic, int dimensions)
    {
        var header = new byte[4 * (dimensions + 1)];
        var read = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        var found = read >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(header) : 0;
        if (found != magic)
            throw new DataException(
                path, $"its magic number is 0x{found:x8}", $"0x{magic:x8}, {(dimensions == 3 ? "images" : "labels")} of bytes");
        if (read < header.Length) throw new DataException(path, $"it is truncated: its header has {read} bytes", $"{header.Length} bytes");
        return [.. Enumerable.Range(1, dimensions).Select(d => (long)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 * d)))];
    }

    private static byte[] Data(string path, Stream stream, long length)
    {
        var most = Math.Min(Array.MaxLength, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
        if (length > most) throw new DataException(path, $"its header says {length} bytes, which are held in memory", $"at most {most}");
        // A header may claim what is not there: memory is taken as bytes arrive.
        var data = new MemoryStream();
        var block = new byte[1 << 20];
        while (data.Length < length && stream.Read(block, 0, (int)Math.Min(block.Length, length - data.Length)) is var count and > 0)
            data.Write(block, 0, count);
        if (data.Length < length) throw new DataException(path, $"it is truncated: {data.Length} bytes follow its header", $"{length} bytes");
        if (stream.ReadByte() >= 0) throw new DataException(path, $"bytes follow the {length} that its header says", "nothing behind them");
        return data.GetBuffer().Length == data.Length ? data.GetBuffer() : data.ToArray();
    }
}
