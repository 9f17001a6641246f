namespace Fovea.Darknet;

/// <summary>Whose program prints a table of layers.</summary>
public enum TableStyle
{
    /// <summary>That of github.com/AlexeyAB/darknet.</summary>
    AlexeyAB,

    /// <summary>That of github.com/pjreddie/darknet, which counts convolutions alone and prints no total.</summary>
    Original,
}
