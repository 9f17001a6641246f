namespace Fovea.Data.Augment;

/// <summary>What lies around an image.</summary>
public enum Border
{
    /// <summary>Black.</summary>
    Black,

    /// <summary>The image mirrored at its outermost pixels, which are not repeated; one pixel wide, it is repeated.</summary>
    Reflect,
}
