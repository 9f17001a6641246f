namespace Fovea.Training.Recipes;

/// <summary>How the square that the model sees is cut from a training image.</summary>
public enum Crop
{
    /// <summary>A random part of random area and proportions, resized (arXiv:1409.4842, section 6).</summary>
    RandomResized,

    /// <summary>As in evaluation, then shifted at random within a black border (arXiv:1512.03385, section 4.2).</summary>
    Padded,

    /// <summary>As in evaluation.</summary>
    None,
}
