namespace Fovea.Training.Recipes;

/// <summary>How images are resized, always antialiased.</summary>
public enum Resize
{
    /// <summary>A triangle of one pixel to either side.</summary>
    Bilinear,

    /// <summary>A cubic of two pixels to either side.</summary>
    Bicubic,
}
