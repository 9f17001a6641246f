namespace Fovea.Data.Decoding;

/// <summary>How images are stored: the file formats that are decoded, and samples without one.</summary>
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

    /// <summary>No file format: samples as an archive of images of one size holds them (CIFAR, MNIST). They are handed on as Windows bitmaps.</summary>
    Raw,
}
