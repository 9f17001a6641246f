namespace Fovea.Data.Decoding;

/// <summary>What the decoder accepts. Each limit is checked before the memory is taken.</summary>
public sealed record DecodeOptions
{
    /// <summary>The largest value that <see cref="MaxPixels"/> takes: more would not fit one buffer.</summary>
    public const int LargestMaxPixels = 700_000_000;

    /// <summary>
    /// The largest width · height that is decoded, checked in the header before anything is allocated. Default 178 956 970, where Pillow
    /// refuses as well; 1 to <see cref="LargestMaxPixels"/>.
    /// </summary>
    public int MaxPixels { get; init; } = 178_956_970;

    /// <summary>The largest file that is read, in bytes. Default 256 MiB; at least 1.</summary>
    public int MaxFileBytes { get; init; } = 256 << 20;

    /// <summary>
    /// The most memory that decoding one image takes besides its file, in bytes: its pixels, those of its turned copy, and what its codec keeps of the whole
    /// picture, as for progressive JPEG. Default 1 GiB; at least 1.
    /// </summary>
    public long MaxDecodingBytes { get; init; } = 1L << 30;

    /// <summary>Whether the EXIF orientation of JPEG, PNG and WebP turns the picture upright. Default true.</summary>
    public bool ApplyOrientation { get; init; } = true;

    internal DecodeOptions Validated()
    {
        if (MaxPixels is < 1 or > LargestMaxPixels)
            throw new ArgumentOutOfRangeException(nameof(MaxPixels), $"max_pixels is {MaxPixels}; wanted 1 to {LargestMaxPixels}");
        if (MaxFileBytes < 1) throw new ArgumentOutOfRangeException(nameof(MaxFileBytes), $"max_file_bytes is {MaxFileBytes}; wanted at least 1");
        if (MaxDecodingBytes < 1)
            throw new ArgumentOutOfRangeException(nameof(MaxDecodingBytes), $"max_decoding_bytes is {MaxDecodingBytes}; wanted at least 1");
        return this;
    }
}
