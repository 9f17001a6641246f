namespace Fovea.Data.Decoding;

/// <summary>What the decoder accepts.</summary>
public sealed record DecodeOptions
{
    /// <summary>The largest value that <see cref="MaxPixels"/> takes: more would not fit one buffer.</summary>
    public const int LargestMaxPixels = 700_000_000;

    /// <summary>
    /// The largest width · height that is decoded, checked in the header before anything is allocated. Default 178 956 970, where Pillow
    /// refuses as well; 1 to <see cref="LargestMaxPixels"/>.
    /// </summary>
    public int MaxPixels { get; init; } = 178_956_970;

    /// <summary>Whether the EXIF orientation of JPEG, PNG and WebP turns the picture upright. Default true.</summary>
    public bool ApplyOrientation { get; init; } = true;

    internal DecodeOptions Validated() => MaxPixels is >= 1 and <= LargestMaxPixels
        ? this
        : throw new ArgumentOutOfRangeException(nameof(MaxPixels), $"max_pixels is {MaxPixels}; wanted 1 to {LargestMaxPixels}");
}
