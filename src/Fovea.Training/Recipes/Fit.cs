namespace Fovea.Training.Recipes;

/// <summary>How an image becomes a square.</summary>
public enum Fit
{
    /// <summary>The shorter side is resized, then the middle is cut out.</summary>
    Crop,

    /// <summary>Both sides are resized, whatever the proportions.</summary>
    Stretch,
}
