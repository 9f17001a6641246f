namespace Fovea.Ops;

/// <summary>How a resized image finds its pixels.</summary>
public enum ResizeMode
{
    /// <summary>Linear between the two nearest pixels in each direction.</summary>
    Bilinear,

    /// <summary>The pixel at ⌊position·(size before)/(size after)⌋.</summary>
    Nearest,
}
