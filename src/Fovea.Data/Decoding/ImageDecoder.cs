using System.Runtime.InteropServices;
using Fovea.Data.Decoding.Interop;
using Fovea.Naming;

namespace Fovea.Data.Decoding;

/// <summary>Decodes JPEG, PNG, WebP and BMP images to 8-bit RGB; one thread at a time.</summary>
/// <remarks>
/// The format is found by content, never by name. Pixels are those of Pillow's <c>Image.open(…).convert("RGB")</c>: grey is replicated,
/// palettes are expanded, alpha is dropped without blending, CMYK JPEG counts as inverted (Adobe) and becomes R = (255 − C)(255 − K)/255,
/// and colour profiles and gamma are ignored. 16 bits become 8 by taking the high byte, where Pillow clips 16-bit grey at 255 instead; with
/// an alpha channel besides, 16 bits are rounded to the nearest level. JPEG uses the accurate integer inverse DCT and smooth chroma
/// upsampling. EXIF orientation is applied, as <c>ImageOps.exif_transpose</c> does.
/// </remarks>
/// <param name="options">What is accepted; the defaults if <see langword="null"/>.</param>
public sealed class ImageDecoder(DecodeOptions? options = null) : IDisposable
{
    private readonly DecodeOptions _options = (options ?? new()).Validated();
    private readonly RgbImage _stored = new();
    private TurboJpegHandle? _jpeg;
    private byte[] _chunks = [];

    /// <summary>What the codec complained of in the last image although it could decode it, or <see langword="null"/>.</summary>
    public string? Warning { get; private set; }

    /// <summary>Decodes an image into a new buffer.</summary>
    /// <param name="data">The encoded image.</param>
    /// <param name="path">What to call the image in messages.</param>
    /// <exception cref="ImageException">The image is damaged, of an unknown format, or too large.</exception>
    /// <exception cref="MissingLibraryException">The format's native library is not installed.</exception>
    public RgbImage Decode(ReadOnlySpan<byte> data, string path)
    {
        var image = new RgbImage();
        Decode(data, path, image);
        return image;
    }

    /// <summary>Reads and decodes a file into a new buffer.</summary>
    /// <exception cref="ImageException">The file cannot be read, or the image is damaged, of an unknown format, or too large.</exception>
    /// <exception cref="MissingLibraryException">The format's native library is not installed.</exception>
    public RgbImage DecodeFile(string path) => Decode(ImageFile.ReadAllBytes(path, _options), path);

    /// <summary>Decodes an image into a buffer that takes its size.</summary>
    /// <param name="data">The encoded image.</param>
    /// <param name="path">What to call the image in messages.</param>
    /// <param name="image">Receives the pixels, upright; undefined after an exception.</param>
    /// <param name="denominator">
    /// 1, 2, 4 or 8: a JPEG is decoded to ⌈width / denominator⌉ × ⌈height / denominator⌉ by a smaller inverse DCT, which is faster and gives
    /// other pixels than decoding and resizing. Other formats are always decoded whole.
    /// </param>
    /// <exception cref="ImageException">The image is damaged, of an unknown format, or too large.</exception>
    /// <exception cref="MissingLibraryException">The format's native library is not installed.</exception>
    public void Decode(ReadOnlySpan<byte> data, string path, RgbImage image, int denominator = 1)
    {
        if (denominator is not (1 or 2 or 4 or 8)) throw new ArgumentOutOfRangeException(nameof(denominator), $"{denominator}; wanted 1, 2, 4 or 8");
        Warning = null;
        var header = ImageHeader.Read(data, path).Within(_options, path);
        var turns = _options.ApplyOrientation && header.Orientation != 1;
        var target = turns ? _stored : image;
        switch (header.Format)
        {
            case ImageFormat.Jpeg: DecodeJpeg(data, path, target, denominator); break;
            case ImageFormat.Png: DecodePng(data, path, header, target); break;
            case ImageFormat.WebP: DecodeWebp(data, path, header, target); break;
            default: DecodeBmp(data, path, header, target); break;
        }

        if (turns) Orientation.Apply(target, image, header.Orientation);
        _stored.Release();
    }

    /// <summary>Frees the codec's state.</summary>
    public void Dispose() => _jpeg?.Dispose();

    private unsafe void DecodeJpeg(ReadOnlySpan<byte> data, string path, RgbImage image, int denominator)
    {
        var markers = JpegMarkers.Read(data, path);
        markers.CheckPlausible(data, path);
        var header = markers.Header;
        var (width, height) = ((header.Width + denominator - 1) / denominator, (header.Height + denominator - 1) / denominator);
        var isCmyk = header.Channels == 4;
        var coefficients = markers.HasManyScans(data) ? 2 * 64 * markers.Blocks : 0;
        Reserve(image, header with { Width = width, Height = height }, isCmyk ? 4 : 3, coefficients, path);
        _jpeg ??= TurboJpegNative.tjInitDecompress();
        fixed (byte* from = data)
        fixed (byte* to = image.Buffer)
        {
            const int flags = TurboJpegNative.TJFLAG_ACCURATEDCT | TurboJpegNative.TJFLAG_LIMITSCANS;
            var format = isCmyk ? TurboJpegNative.TJPF_CMYK : TurboJpegNative.TJPF_RGB;
            var result = TurboJpegNative.tjDecompress2(_jpeg, from, new CULong((nuint)data.Length), to, width, 0, height, format, flags);
            if (result != 0) JudgeJpeg(data, path, markers);
        }

        if (isCmyk) Samples.FromInvertedCmyk(image.Buffer, image.Pixels);
    }

    // libjpeg goes on after most damage and fills what is missing with grey; only a file that just stops is refused.
    private void JudgeJpeg(ReadOnlySpan<byte> data, string path, JpegMarkers markers)
    {
        var message = TurboJpegNative.Error(_jpeg!);
        if (TurboJpegNative.tjGetErrorCode(_jpeg!) != TurboJpegNative.TJERR_WARNING)
            throw new ImageException(path, $"the JPEG cannot be decoded ({message})", "an undamaged JPEG");
        if (!markers.IsComplete(data)) throw JpegMarkers.Truncated(data, path);
        Warning = $"{Printable.Of(path)}: the JPEG is damaged ({message}), decoded as far as possible";
    }

    private unsafe void DecodePng(ReadOnlySpan<byte> data, string path, ImageHeader header, RgbImage image)
    {
        PngChunks.CheckPlausible(data, header, path);
        var hasAlpha = PngChunks.ColourType(data) is PngChunks.GreyAlpha or PngChunks.ColourAlpha;
        var isDeep = header.BitsPerChannel == 16 && !hasAlpha;
        var isGrey = header.Channels == 1;
        Reserve(image, header, hasAlpha ? 4 : isDeep && !isGrey ? 6 : 3, 0, path);
        _chunks = ReusedMemory.Fit(_chunks, data.Length);
        var length = PngChunks.CopyCritical(data, _chunks, path);
        fixed (byte* chunks = _chunks)
        fixed (byte* pixels = image.Buffer)
        {
            var png = new PngNative.png_image { version = PngNative.PNG_IMAGE_VERSION };
            try
            {
                Check(PngNative.png_image_begin_read_from_memory(&png, chunks, (nuint)length), &png, path);
                if (png.width != header.Width || png.height != header.Height) throw Damaged(path, "two header chunks");
                if (!isDeep) png.flags |= PngNative.PNG_IMAGE_FLAG_16BIT_sRGB;
                png.format = hasAlpha ? PngNative.PNG_FORMAT_RGBA : !isDeep ? PngNative.PNG_FORMAT_RGB
                    : isGrey ? PngNative.PNG_FORMAT_LINEAR_Y : PngNative.PNG_FORMAT_LINEAR_RGB;
                Check(PngNative.png_image_finish_read(&png, null, pixels, 0, null), &png, path);
            }
            finally
            {
                PngNative.png_image_free(&png);
            }
        }

        _chunks = ReusedMemory.Kept(_chunks);
        if (hasAlpha) Samples.DropAlpha(image.Buffer, image.Pixels);
        else if (isDeep && isGrey) Samples.GreyHighBytes(MemoryMarshal.Cast<byte, ushort>(image.Buffer), image.Pixels);
        else if (isDeep) Samples.HighBytes(MemoryMarshal.Cast<byte, ushort>(image.Buffer), image.Pixels);
    }

    private unsafe void DecodeWebp(ReadOnlySpan<byte> data, string path, ImageHeader header, RgbImage image)
    {
        WebpChunks.CheckComplete(data, path);
        // A lossless picture, or an alpha channel, stands whole in the codec.
        Reserve(image, header, 3, 4 * header.Pixels, path);
        fixed (byte* from = data)
        fixed (byte* to = image.Buffer)
        {
            int width, height;
            var known = WebpNative.WebPGetInfo(from, (nuint)data.Length, &width, &height) != 0;
            if (!known || width != header.Width || height != header.Height
                || WebpNative.WebPDecodeRGBInto(from, (nuint)data.Length, to, (nuint)image.Pixels.Length, image.Stride) == null)
                throw new ImageException(path, $"the WebP of {header.Width}×{header.Height} pixels cannot be decoded", "an undamaged WebP");
        }
    }

    private void DecodeBmp(ReadOnlySpan<byte> data, string path, ImageHeader header, RgbImage image)
    {
        BmpReader.CheckComplete(data, path);
        Reserve(image, header, 3, 0, path);
        BmpReader.Decode(data, image, path);
    }

    // The copy that is turned upright counts as well.
    private void Reserve(RgbImage image, ImageHeader header, int bytesPerPixel, long besides, string path)
    {
        var bytes = (header.Pixels * (bytesPerPixel + (ReferenceEquals(image, _stored) ? 3 : 0))) + besides;
        if (bytes > Math.Min(_options.MaxDecodingBytes, Array.MaxLength - RgbImage.Slack))
            throw new ImageException(
                path, $"decoding its {header.Width}×{header.Height} pixels takes {bytes} bytes", $"at most {_options.MaxDecodingBytes} (max_decoding_bytes)");
        image.Reshape(header.Width, header.Height, bytesPerPixel);
    }

    private static unsafe void Check(int success, PngNative.png_image* png, string path)
    {
        if (success == 0 || (png->warning_or_error & PngNative.PNG_IMAGE_ERROR) != 0) throw Damaged(path, png->Message);
    }

    private static ImageException Damaged(string path, string message) => new(path, $"the PNG cannot be decoded ({message})", "an undamaged PNG");
}
