namespace Fovea.Data.Augment.Resampling;

/// <summary>A rectangle of RGB pixels in memory that somebody else keeps; it must not be used for longer than that.</summary>
public readonly unsafe struct PixelView
{
    internal PixelView(byte* pixels, int width, int height, int stride)
    {
        Pixels = pixels;
        (Width, Height, Stride) = (width, height, stride);
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    internal byte* Pixels { get; }

    /// <summary>Bytes from one row to the next.</summary>
    internal int Stride { get; }

    /// <summary>One row of samples, red first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<byte> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return new(Pixels + ((nint)y * Stride), 3 * Width);
    }

    internal PixelView Crop(int left, int top, int cropWidth, int cropHeight) =>
        new(Pixels + ((nint)top * Stride) + (3 * (nint)left), cropWidth, cropHeight, Stride);

    internal void CopyTo(byte* target, int targetStride)
    {
        for (var y = 0; y < Height; y++) Row(y).CopyTo(new Span<byte>(target + ((nint)y * targetStride), 3 * Width));
    }
}
