using Fovea.Data.Decoding.Interop;

namespace Fovea.Data.Decoding;

/// <summary>Writes PNG images of 8 bits; any number of threads.</summary>
/// <remarks>The same pixels give the same bytes with one version of libpng and zlib.</remarks>
public static class PngEncoder
{
    /// <summary>Encodes an image in colour.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The image is empty.</exception>
    /// <exception cref="MissingLibraryException">libpng is not installed.</exception>
    public static byte[] Encode(RgbImage image) => EncodeRgb(image.Pixels, image.Width, image.Height);

    /// <summary>Encodes pixels [height, width, 3].</summary>
    /// <exception cref="ArgumentException">The pixels do not fit the size, or a side is below 1.</exception>
    /// <exception cref="MissingLibraryException">libpng is not installed.</exception>
    public static byte[] EncodeRgb(ReadOnlySpan<byte> rgb, int width, int height) => Write(rgb, width, height, 3, PngNative.PNG_FORMAT_RGB, default);

    /// <summary>Encodes grey pixels [height, width].</summary>
    /// <exception cref="ArgumentException">The pixels do not fit the size, or a side is below 1.</exception>
    /// <exception cref="MissingLibraryException">libpng is not installed.</exception>
    public static byte[] EncodeGrey(ReadOnlySpan<byte> grey, int width, int height) => Write(grey, width, height, 1, PngNative.PNG_FORMAT_GRAY, default);

    /// <summary>Encodes indices [height, width] into a palette.</summary>
    /// <param name="indices">One byte per pixel, below the palette's length.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="palette">1 to 256 colours, red, green and blue in turn.</param>
    /// <exception cref="ArgumentException">The pixels do not fit the size or the palette, a side is below 1, or the palette has another length.</exception>
    /// <exception cref="MissingLibraryException">libpng is not installed.</exception>
    public static byte[] EncodePalette(ReadOnlySpan<byte> indices, int width, int height, ReadOnlySpan<byte> palette)
    {
        if (palette.Length % 3 != 0 || palette.Length is 0 or > 768)
            throw new ArgumentException($"the palette has {palette.Length} bytes; wanted 3 to 768 in threes");
        if (indices.IndexOfAnyInRange((byte)Math.Min(palette.Length / 3, 255), (byte)255) >= 0 && palette.Length < 768)
            throw new ArgumentException($"an index lies outside the palette of {palette.Length / 3} colours");
        return Write(indices, width, height, 1, PngNative.PNG_FORMAT_RGB_COLORMAP, palette);
    }

    private static unsafe byte[] Write(ReadOnlySpan<byte> pixels, int width, int height, int channels, uint format, ReadOnlySpan<byte> palette)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var expected = (long)channels * width * height;
        if (pixels.Length != expected) throw new ArgumentException($"{width}×{height} pixels take {expected} bytes, not {pixels.Length}");

        var bytes = new byte[Bound(expected, height)];
        var written = (nuint)bytes.Length;
        fixed (byte* from = pixels)
        fixed (byte* to = bytes)
        fixed (byte* colours = palette)
        {
            var png = new PngNative.png_image
            {
                version = PngNative.PNG_IMAGE_VERSION,
                width = (uint)width,
                height = (uint)height,
                format = format,
                colormap_entries = (uint)palette.Length / 3,
            };
            var success = PngNative.png_image_write_to_memory(&png, to, &written, 0, from, 0, colours);
            var message = png.Message;
            PngNative.png_image_free(&png);
            if (success == 0) throw new InvalidOperationException($"libpng: {message} from png_image_write_to_memory, {width}×{height}");
        }

        return bytes[..(int)written];
    }

    // Incompressible rows cost a filter byte each and deflate's stored blocks; chunk headers come every 8 KiB.
    private static long Bound(long pixelBytes, int height)
    {
        var raw = pixelBytes + height;
        return raw + (raw / 250) + (raw / 8192 * 12) + 4096;
    }
}
