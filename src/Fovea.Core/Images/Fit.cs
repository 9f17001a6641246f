namespace Fovea.Images;

/// <summary>How an image of any proportions becomes one of a model's.</summary>
public enum Fit
{
    /// <summary>The shorter side is resized, then the middle is cut out.</summary>
    Crop,

    /// <summary>Both sides are resized, whatever the proportions.</summary>
    Stretch,
}
