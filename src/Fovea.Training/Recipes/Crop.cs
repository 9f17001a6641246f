namespace Fovea.Training.Recipes;

/// <summary>How the square that the model sees is cut from a training image.</summary>
public enum Crop
{
    /// <summary>A random part of random area and proportions, resized (arXiv:1409.4842, section 6).</summary>
    RandomResized,

    /// <summary>The image at its input size, with a border of zeros, shifted at random (arXiv:1512.03385, section 4.2).</summary>
    Padded,

    /// <summary>The middle, as in evaluation.</summary>
    Center,
}
