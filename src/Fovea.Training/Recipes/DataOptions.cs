using Fovea.Data.Augment;
using Fovea.Data.Batching;

namespace Fovea.Training.Recipes;

/// <summary>Which images a run sees, and how they become the input of the model.</summary>
public sealed record DataOptions
{
    /// <summary>The share of each class that is held back for evaluation when the data have no such part; at least 0, below 1. Default 0.1.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Rows and columns of the input; at least 1, or 0 (the default) for what the model was designed for.</summary>
    public int ImageSize { get; init; }

    /// <summary>How an image of another size becomes a square, in evaluation and before a padded crop. Default crop.</summary>
    public Fit Fit { get; init; } = Fit.Crop;

    /// <summary>For the fit crop: the side of the square as a share of the shorter side; above 0, at most 1. 0, the default, for the model's.</summary>
    public double CropFraction { get; init; }

    /// <summary>How pixels are weighted when images are resized. Default bilinear.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    /// <summary>Subtracted from red, green and blue, which are shares of white; empty, the default, for the model's.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [];

    /// <summary>Divides red, green and blue after that; above 0. Empty, the default, for the model's.</summary>
    public IReadOnlyList<double> Std { get; init; } = [];

    /// <summary>What is done with an image that cannot be read. Default fail.</summary>
    public BadImagePolicy BadImages { get; init; } = BadImagePolicy.Fail;

    /// <summary>Threads that decode and augment; 1–1024, or 0 (the default) for one per core. The images do not depend on it.</summary>
    public int Workers { get; init; }

    /// <summary>What is kept in memory from the first epoch for the next ones; the images do not depend on it. Default auto.</summary>
    public CacheMode Cache { get; init; } = CacheMode.Auto;

    /// <summary>The most that is kept in memory, in MiB, and never more than an eighth of the machine's memory; 0–1 048 576. Default 1024.</summary>
    public int CacheMebibytes { get; init; } = 1024;

    /// <summary>These options with the model's values where none are set.</summary>
    /// <param name="imageSize">Rows and columns that the model was designed for.</param>
    /// <param name="cropFraction">Its <see cref="CropFraction"/>.</param>
    /// <param name="mean">Its <see cref="Mean"/>.</param>
    /// <param name="std">Its <see cref="Std"/>.</param>
    public DataOptions Resolve(int imageSize, double cropFraction, IReadOnlyList<double> mean, IReadOnlyList<double> std) => this with
    {
        ImageSize = ImageSize == 0 ? imageSize : ImageSize,
        CropFraction = CropFraction == 0 ? cropFraction : CropFraction,
        Mean = Mean.Count == 0 ? mean : Mean,
        Std = Std.Count == 0 ? std : Std,
    };

    internal void Check(RecipeChecks checks)
    {
        checks.Below(ValidationFraction, 0, 1);
        checks.AtLeast(ImageSize, 0, int.MaxValue);
        checks.Within(CropFraction, 0, 1);
        checks.Triple(Mean, double.NegativeInfinity);
        checks.Triple(Std, 0);
        checks.Within(Workers, 0, 1024);
        checks.AtLeast(CacheMebibytes, 0, 1 << 20);
    }
}
