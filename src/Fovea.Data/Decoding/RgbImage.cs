namespace Fovea.Data.Decoding;

/// <summary>An image of 8-bit RGB samples, [H, W, 3] without gaps, in memory that is reused when the image takes another size.</summary>
public sealed class RgbImage
{
    // Vector kernels read whole registers and may touch this many bytes behind the last pixel.
    internal const int Slack = 64;

    private byte[] _buffer = [];

    /// <summary>An image of 0 × 0 pixels, to decode into.</summary>
    public RgbImage()
    {
    }

    /// <summary>An image of undefined pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative, or the pixels take more than 2 GiB.</exception>
    public RgbImage(int width, int height) => Reshape(width, height);

    /// <summary>Pixels per row.</summary>
    public int Width { get; private set; }

    /// <summary>Rows.</summary>
    public int Height { get; private set; }

    /// <summary>Bytes from one row to the next: 3 · <see cref="Width"/>.</summary>
    public int Stride => 3 * Width;

    /// <summary>All samples, row after row, red first.</summary>
    public Span<byte> Pixels => _buffer.AsSpan(0, Stride * Height);

    // Pinned for its life: kernels keep a pointer while they work.
    internal byte[] Buffer => _buffer;

    /// <summary>One row of samples.</summary>
    public Span<byte> Row(int y) => Pixels.Slice(y * Stride, Stride);

    /// <summary>Takes another size; the pixels are undefined afterwards.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative, or the pixels take more than 2 GiB.</exception>
    public void Reshape(int width, int height) => Reshape(width, height, 3);

    /// <summary>Takes the size and the pixels of another image.</summary>
    public void CopyFrom(RgbImage other)
    {
        Reshape(other.Width, other.Height);
        other.Pixels.CopyTo(Pixels);
    }

    /// <summary>Takes another size, with room for wider pixels, which whoever writes them there makes RGB in place.</summary>
    internal void Reshape(int width, int height, int bytesPerPixel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        var pixels = (long)width * height;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pixels, (Array.MaxLength - Slack) / bytesPerPixel, "width · height");
        _buffer = ReusedMemory.Fit(_buffer, (bytesPerPixel * pixels) + Slack);
        (Width, Height) = (width, height);
    }

    /// <summary>Gives large memory back; the image has no pixels then.</summary>
    internal void Release()
    {
        _buffer = ReusedMemory.Kept(_buffer);
        (Width, Height) = (0, 0);
    }
}
