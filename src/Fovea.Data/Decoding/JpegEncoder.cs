using System.Runtime.InteropServices;
using Fovea.Data.Decoding.Interop;

namespace Fovea.Data.Decoding;

/// <summary>How much coarser than brightness a JPEG stores colour.</summary>
public enum ChromaSubsampling
{
    /// <summary>4:4:4, not at all.</summary>
    None = 0,

    /// <summary>4:2:2, half across.</summary>
    Horizontal = 1,

    /// <summary>4:2:0, half across and half down: what cameras and the web use.</summary>
    Both = 2,

    /// <summary>Brightness alone: a grey JPEG.</summary>
    Grey = 3,
}

/// <summary>Writes JPEG images; one thread at a time.</summary>
/// <remarks>The same pixels give the same bytes with one version of libjpeg-turbo; the accurate DCT is used at every quality.</remarks>
public sealed class JpegEncoder : IDisposable
{
    private TurboJpegHandle? _handle;
    private byte[] _buffer = [];

    /// <summary>Encodes an image.</summary>
    /// <param name="image">The pixels.</param>
    /// <param name="quality">1 (worst) to 100, on libjpeg's scale.</param>
    /// <param name="subsampling">How colour is stored.</param>
    /// <exception cref="ArgumentOutOfRangeException">The quality is out of range, or the image is empty or has a side above 65 500.</exception>
    /// <exception cref="MissingLibraryException">libturbojpeg is not installed.</exception>
    public byte[] Encode(RgbImage image, int quality = 90, ChromaSubsampling subsampling = ChromaSubsampling.Both) =>
        Encode(image.Pixels, image.Width, image.Height, quality, subsampling);

    /// <summary>Encodes pixels [height, width, 3].</summary>
    /// <inheritdoc cref="Encode(RgbImage, int, ChromaSubsampling)"/>
    /// <exception cref="ArgumentException">The pixels do not fit the size.</exception>
    public unsafe byte[] Encode(
        ReadOnlySpan<byte> rgb, int width, int height, int quality = 90, ChromaSubsampling subsampling = ChromaSubsampling.Both)
    {
        const int largest = 65_500;
        if (width is < 1 or > largest) throw new ArgumentOutOfRangeException(nameof(width), $"{width}; wanted 1 to {largest}");
        if (height is < 1 or > largest) throw new ArgumentOutOfRangeException(nameof(height), $"{height}; wanted 1 to {largest}");
        if (quality is < 1 or > 100) throw new ArgumentOutOfRangeException(nameof(quality), $"{quality}; wanted 1 to 100");
        if (rgb.Length != 3L * width * height) throw new ArgumentException($"{width}×{height} pixels take {3L * width * height} bytes, not {rgb.Length}");
        _handle ??= TurboJpegNative.tjInitCompress();
        var bound = (long)TurboJpegNative.tjBufSize(width, height, (int)subsampling).Value;
        if (_buffer.Length < bound) _buffer = GC.AllocateUninitializedArray<byte>(checked((int)bound), pinned: true);
        fixed (byte* from = rgb)
        fixed (byte* to = _buffer)
        {
            var target = to;
            var size = new CULong((nuint)_buffer.Length);
            const int flags = TurboJpegNative.TJFLAG_ACCURATEDCT | TurboJpegNative.TJFLAG_NOREALLOC;
            var result = TurboJpegNative.tjCompress2(
                _handle, from, width, 0, height, TurboJpegNative.TJPF_RGB, &target, &size, (int)subsampling, quality, flags);
            if (result != 0) throw new InvalidOperationException($"libjpeg-turbo: {TurboJpegNative.Error(_handle)} from tjCompress2, {width}×{height}");
            return new ReadOnlySpan<byte>(to, (int)size.Value).ToArray();
        }
    }

    /// <summary>Frees the codec's state.</summary>
    public void Dispose() => _handle?.Dispose();
}
