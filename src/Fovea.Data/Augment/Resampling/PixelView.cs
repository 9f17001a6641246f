namespace Fovea.Data.Augment.Resampling;

/// <summary>A rectangle of RGB pixels in memory that somebody else keeps.</summary>
internal readonly unsafe struct PixelView(byte* pixels, int width, int height, int stride)
{
    public byte* Pixels => pixels;

    public int Width => width;

    public int Height => height;

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride => stride;

    public PixelView Crop(int left, int top, int cropWidth, int cropHeight) =>
        new(pixels + ((nint)top * stride) + (3 * (nint)left), cropWidth, cropHeight, stride);

    public void CopyTo(byte* target, int targetStride)
    {
        for (var y = 0; y < height; y++)
            new ReadOnlySpan<byte>(pixels + ((nint)y * stride), 3 * width).CopyTo(new Span<byte>(target + ((nint)y * targetStride), 3 * width));
    }
}
