namespace Fovea.Images;

/// <summary>
/// How pixels are weighted when an image takes another size; reducing widens every kernel but those of <see cref="Nearest"/> and
/// <see cref="Aligned"/>, so that the others are antialiased.
/// </summary>
public enum Interpolation
{
    /// <summary>A triangle of one pixel to either side: what torchvision uses unless told otherwise.</summary>
    Bilinear,

    /// <summary>Keys' cubic with a = −1/2, two pixels to either side.</summary>
    Bicubic,

    /// <summary>The mean of the pixels covered.</summary>
    Box,

    /// <summary>A sinc windowed by its own main lobe, three pixels to either side.</summary>
    Lanczos,

    /// <summary>The one pixel that covers the middle.</summary>
    Nearest,

    /// <summary>
    /// Linear between pixels, those in the corners before and after on each other, and not antialiased; numbers are not rounded to bytes where nothing
    /// changes them later. As Darknet resizes.
    /// </summary>
    Aligned,
}
