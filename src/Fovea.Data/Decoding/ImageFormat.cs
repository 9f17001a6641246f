namespace Fovea.Data.Decoding;

/// <summary>The file formats that are decoded.</summary>
public enum ImageFormat
{
    /// <summary>JPEG (baseline, progressive; Huffman or arithmetic; 8 bits).</summary>
    Jpeg,

    /// <summary>PNG (every colour type, bit depth and interlacing; of an animation the default image).</summary>
    Png,

    /// <summary>WebP (lossy or lossless, not animated).</summary>
    WebP,

    /// <summary>Windows bitmap (1, 4, 8, 16, 24, 32 bits, not run-length encoded).</summary>
    Bmp,
}
