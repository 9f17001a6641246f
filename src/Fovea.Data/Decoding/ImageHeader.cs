namespace Fovea.Data.Decoding;

/// <summary>What an image says of itself before it is decoded.</summary>
/// <param name="Format">The format, by content.</param>
/// <param name="Width">Pixels per row as stored, before the orientation is applied.</param>
/// <param name="Height">Rows as stored.</param>
/// <param name="Channels">Channels as stored: 1 grey, 2 grey with alpha, 3 colour or palette, 4 colour with alpha, or CMYK.</param>
/// <param name="BitsPerChannel">Bits per channel, or per index of a palette.</param>
/// <param name="Orientation">The EXIF orientation, 1 (upright) to 8.</param>
public readonly record struct ImageHeader(ImageFormat Format, int Width, int Height, int Channels, int BitsPerChannel, int Orientation = 1)
{
    private const int Prefix = 32 << 10;

    /// <summary>Width and height after the orientation is applied.</summary>
    public (int Width, int Height) Upright => Orientation >= 5 ? (Height, Width) : (Width, Height);

    /// <summary>Reads the header of an encoded image; pixels are not looked at.</summary>
    /// <param name="data">The image's bytes.</param>
    /// <param name="path">What to call the image in messages.</param>
    /// <exception cref="ImageException">The bytes are no image of a known format, or end within the header.</exception>
    public static ImageHeader Read(ReadOnlySpan<byte> data, string path)
    {
        var header = ImageSignature.Detect(data, path) switch
        {
            ImageFormat.Jpeg => JpegMarkers.Read(data, path).Header,
            ImageFormat.Png => PngChunks.ReadHeader(data, path),
            ImageFormat.WebP => WebpChunks.ReadHeader(data, path),
            _ => BmpReader.ReadHeader(data, path),
        };
        return header is { Width: > 0, Height: > 0 }
            ? header
            : throw new ImageException(path, $"its header says {header.Width}×{header.Height} pixels", "at least 1×1");
    }

    /// <summary>Reads the header of a file; of a JPEG or BMP only the first bytes, where they suffice.</summary>
    /// <exception cref="ImageException">The file is no image of a known format, ends within the header, or cannot be read.</exception>
    public static ImageHeader ReadFile(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            var data = new byte[Math.Min(length, Prefix)];
            data = data[..ReadFully(file, data)];
            if (length > Prefix && ImageSignature.Detect(data, path) is var format)
            {
                if (format is ImageFormat.Jpeg or ImageFormat.Bmp && TryRead(data, path) is { } header) return header;
                data = File.ReadAllBytes(path);
            }

            return Read(data, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException(path, $"the file cannot be read ({e.Message})", "a readable image file", e);
        }
    }

    internal ImageHeader Within(DecodeOptions options, string path) => (long)Width * Height <= options.MaxPixels
        ? this
        : throw new ImageException(path, $"its header says {Width}×{Height} = {(long)Width * Height} pixels", $"at most {options.MaxPixels} (max_pixels)");

    private static int ReadFully(Microsoft.Win32.SafeHandles.SafeFileHandle file, byte[] data)
    {
        var filled = 0;
        while (filled < data.Length && RandomAccess.Read(file, data.AsSpan(filled), filled) is var n and > 0) filled += n;
        return filled;
    }

    private static ImageHeader? TryRead(byte[] data, string path)
    {
        try
        {
            return Read(data, path);
        }
        catch (ImageException)
        {
            return null;
        }
    }
}
