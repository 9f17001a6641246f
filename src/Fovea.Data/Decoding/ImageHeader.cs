using Fovea.Data.Files;
using Microsoft.Win32.SafeHandles;

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

    internal long Pixels => (long)Width * Height;

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
        var data = ImageFile.Guarded(path, Beginning);
        return TryRead(data, path) is { } header ? header : Read(data.Length < Prefix ? data : ImageFile.ReadAllBytes(path), path);
    }

    internal ImageHeader Within(DecodeOptions options, string path) => Pixels <= options.MaxPixels
        ? this
        : throw new ImageException(path, $"its header says {Width}×{Height} = {Pixels} pixels", $"at most {options.MaxPixels} (max_pixels)");

    private static byte[] Beginning(SafeFileHandle file)
    {
        var data = new byte[Math.Min(RandomAccess.GetLength(file), Prefix)];
        return data[..RegularFile.Fill(file, data)];
    }

    // Where the orientation may stand behind the pixels, the beginning does not suffice.
    private static ImageHeader? TryRead(byte[] data, string path)
    {
        if (data.Length == Prefix && ImageSignature.Detect(data, path) is ImageFormat.Png or ImageFormat.WebP) return null;
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
