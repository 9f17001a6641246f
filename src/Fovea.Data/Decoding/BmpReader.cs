using System.Buffers.Binary;
using System.Numerics;

namespace Fovea.Data.Decoding;

/// <summary>Reads Windows bitmaps: 1, 4 and 8 bits with a palette, 16, 24 and 32 bits with or without bit fields, either row order.</summary>
internal static class BmpReader
{
    private const int FileHeader = 14;
    private const int CoreHeader = 12;
    private const int MasksAt = 54;
    private const int Rgb = 0;
    private const int BitFields = 3;
    private const int AlphaBitFields = 6;

    public static ImageHeader ReadHeader(ReadOnlySpan<byte> data, string path)
    {
        var layout = ReadLayout(data, path);
        return new(ImageFormat.Bmp, layout.Width, layout.Height, 3, layout.Bits <= 8 ? layout.Bits : 8);
    }

    /// <summary>Throws if the file is shorter than its picture.</summary>
    public static void CheckComplete(ReadOnlySpan<byte> data, string path)
    {
        var layout = ReadLayout(data, path);
        var needed = layout.PixelOffset + (layout.Stride * (layout.Height - 1)) + ((((long)layout.Bits * layout.Width) + 7) / 8);
        if (data.Length < needed) throw new ImageException(path, $"the BMP is truncated: its data ends after {data.Length} bytes", $"{needed} bytes");
    }

    /// <summary>Decodes a file that is complete into an image of its size.</summary>
    public static void Decode(ReadOnlySpan<byte> data, RgbImage image, string path)
    {
        var layout = ReadLayout(data, path);
        Span<byte> palette = stackalloc byte[3 * 256];
        ReadPalette(data, layout, palette);
        for (var y = 0; y < layout.Height; y++)
        {
            var stored = layout.TopDown ? y : layout.Height - 1 - y;
            var row = data[(int)(layout.PixelOffset + (stored * layout.Stride))..];
            if (layout.Bits <= 8) Indexed(row, image.Row(y), layout.Bits, palette);
            else if (layout.Bits == 24) Bgr(row, image.Row(y));
            else Masked(row, image.Row(y), layout);
        }
    }

    private static Layout ReadLayout(ReadOnlySpan<byte> data, string path)
    {
        if (data.Length < FileHeader + CoreHeader) throw Short(data, path);
        var size = I32(data[14..]);
        if (size != CoreHeader && size is < 40 or > 1024) throw new ImageException(path, $"the BMP's header has {size} bytes", "12 or 40 to 124");
        if (data.Length < FileHeader + size) throw Short(data, path);
        var core = size == CoreHeader;
        var (width, height) = core ? (U16(data[18..]), U16(data[20..])) : (I32(data[18..]), I32(data[22..]));
        var bits = U16(data[(core ? 24 : 28)..]);
        var compression = core ? Rgb : I32(data[30..]);
        var topDown = height < 0;
        if (width <= 0 || height is 0 or int.MinValue) throw new ImageException(path, $"the BMP's header says {width}×{height} pixels", "at least 1×1");
        if (bits is not (1 or 4 or 8 or 16 or 24 or 32)) throw new ImageException(path, $"the BMP has {bits} bits per pixel", "1, 4, 8, 16, 24 or 32");
        if (compression is not (Rgb or BitFields or AlphaBitFields) || (compression != Rgb && bits is not (16 or 32)))
            throw new ImageException(path, $"the BMP is compressed ({Name(compression)}, {bits} bits)", "an uncompressed one");
        var hasMasks = compression != Rgb;
        if (hasMasks && data.Length < MasksAt + 12) throw Short(data, path);
        var masks = hasMasks ? (U32(data[MasksAt..]), U32(data[(MasksAt + 4)..]), U32(data[(MasksAt + 8)..]))
            : bits == 16 ? (0x7C00u, 0x03E0u, 0x001Fu) : (0xFF0000u, 0xFF00u, 0xFFu);
        var palette = FileHeader + size + (hasMasks && size == 40 ? 12 : 0);
        var offset = U32(data[10..]);
        if (offset < palette) throw new ImageException(path, $"the BMP's pixels begin at byte {offset}, within its header", $"{palette} or later");
        var used = core ? 0 : U32(data[46..]);
        var entries = (int)Math.Min(used == 0 ? 256 : used, 256);
        return new(width, Math.Abs(height), topDown, bits, offset, palette, core ? 3 : 4, entries, masks.Item1, masks.Item2, masks.Item3);
    }

    private static void ReadPalette(ReadOnlySpan<byte> data, Layout layout, Span<byte> palette)
    {
        palette.Clear();
        if (layout.Bits > 8) return;
        for (var i = 0; i < Math.Min(layout.PaletteEntries, 1 << layout.Bits); i++)
        {
            var at = layout.PaletteOffset + (i * layout.PaletteStep);
            if (at + 3 > Math.Min(data.Length, layout.PixelOffset)) break;
            (palette[3 * i], palette[(3 * i) + 1], palette[(3 * i) + 2]) = (data[at + 2], data[at + 1], data[at]);
        }
    }

    private static void Indexed(ReadOnlySpan<byte> row, Span<byte> target, int bits, ReadOnlySpan<byte> palette)
    {
        for (var x = 0; x < target.Length / 3; x++)
        {
            var bit = x * bits;
            var index = row[bit >> 3] >> (8 - bits - (bit & 7)) & ((1 << bits) - 1);
            palette.Slice(3 * index, 3).CopyTo(target[(3 * x)..]);
        }
    }

    private static void Bgr(ReadOnlySpan<byte> row, Span<byte> target)
    {
        for (var i = 0; i < target.Length; i += 3) (target[i], target[i + 1], target[i + 2]) = (row[i + 2], row[i + 1], row[i]);
    }

    private static void Masked(ReadOnlySpan<byte> row, Span<byte> target, Layout layout)
    {
        for (var x = 0; x < target.Length / 3; x++)
        {
            var pixel = layout.Bits == 16 ? (uint)U16(row[(2 * x)..]) : U32(row[(4 * x)..]);
            target[3 * x] = Field(pixel, layout.Red);
            target[(3 * x) + 1] = Field(pixel, layout.Green);
            target[(3 * x) + 2] = Field(pixel, layout.Blue);
        }
    }

    // The largest value of a field becomes 255, rounding down, as in Pillow.
    private static byte Field(uint pixel, uint mask)
    {
        if (mask == 0) return 0;
        var shift = BitOperations.TrailingZeroCount(mask);
        return (byte)((ulong)((pixel & mask) >> shift) * 255 / (mask >> shift));
    }

    private static string Name(int compression) => compression switch
    {
        1 => "RLE8",
        2 => "RLE4",
        4 => "JPEG",
        5 => "PNG",
        _ => $"method {compression}",
    };

    private static int I32(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadInt32LittleEndian(data);

    private static uint U32(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadUInt32LittleEndian(data);

    private static int U16(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadUInt16LittleEndian(data);

    private static ImageException Short(ReadOnlySpan<byte> data, string path) =>
        new(path, $"the BMP is truncated: its data ends after {data.Length} bytes, within the header", "the whole file");

    private readonly record struct Layout(
        int Width, int Height, bool TopDown, int Bits, long PixelOffset, int PaletteOffset, int PaletteStep, int PaletteEntries,
        uint Red, uint Green, uint Blue)
    {
        public long Stride => (((long)Bits * Width) + 31) / 32 * 4;
    }
}
