namespace Fovea.Data.Augment;

/// <summary>The colour of what lies outside of an image that is turned or shifted.</summary>
public enum Outside
{
    /// <summary>Black, torchvision's default.</summary>
    Black,

    /// <summary>The mean colour of the normalisation, as timm has it.</summary>
    Mean,
}
