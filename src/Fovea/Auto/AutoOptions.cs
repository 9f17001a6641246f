using Fovea.Training.Recipes;

namespace Fovea.Auto;

/// <summary>What is said of a recipe that is chosen for the rest; what follows from it is chosen to fit.</summary>
public sealed record AutoOptions
{
    /// <summary>
    /// How long the run may take, evaluations included; null, the default, for as long as the images are worth, ten minutes where that suffices.
    /// </summary>
    public TimeSpan? Time { get; init; }

    /// <summary>The model, and what it starts from; null, the default, for one that is chosen.</summary>
    public ModelChoice? Model { get; init; }

    /// <summary>Whether the classifier alone trains, for good (<c>freeze: {names: [backbone]}</c>). Default false.</summary>
    public bool IsClassifierAlone { get; init; }

    /// <summary>Rows and columns of the input; 0, the default, for what is chosen.</summary>
    public int ImageSize { get; init; }

    /// <summary>Images in a batch; 0, the default, for what is chosen.</summary>
    public int BatchSize { get; init; }

    /// <summary>How often every image is seen; 0, the default, for what is chosen.</summary>
    public int Epochs { get; init; }

    /// <summary>The share of each class that is held back where the data has no validation part; null, the default, for what is chosen.</summary>
    public double? ValidationFraction { get; init; }

    /// <summary>The share of the training images that is used, above 0, at most 1. Default 1.</summary>
    public double Fraction { get; init; } = 1;
}
