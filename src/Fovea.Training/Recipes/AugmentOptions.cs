namespace Fovea.Training.Recipes;

/// <summary>What happens to training images, beside what <see cref="DataOptions"/> says of all images.</summary>
public sealed record AugmentOptions
{
    /// <summary>How the input is cut from the image. Default random_resized.</summary>
    public Crop Crop { get; init; } = Crop.RandomResized;

    /// <summary>For random_resized: the smallest area, as a share of the image's; above 0, at most <see cref="MaxArea"/>. Default 0.08.</summary>
    public double MinArea { get; init; } = 0.08;

    /// <summary>For random_resized: the largest area, as a share of the image's; at most 1. Default 1.</summary>
    public double MaxArea { get; init; } = 1;

    /// <summary>For random_resized: the smallest width over height; above 0, at most <see cref="MaxAspect"/>. Default 3/4.</summary>
    public double MinAspect { get; init; } = 3.0 / 4;

    /// <summary>For random_resized: the largest width over height. Default 4/3.</summary>
    public double MaxAspect { get; init; } = 4.0 / 3;

    /// <summary>For padded: the border in pixels; at least 0. Default 4.</summary>
    public int Padding { get; init; } = 4;

    /// <summary>The share of images that are mirrored left to right; 0–1. Default 0.5.</summary>
    public double HorizontalFlip { get; init; } = 0.5;

    internal void Check(RecipeChecks checks)
    {
        checks.Above(MinArea, 0);
        checks.Within(MaxArea, MinArea, 1);
        checks.Above(MinAspect, 0);
        checks.AtLeast(MaxAspect, MinAspect);
        checks.AtLeast(Padding, 0);
        checks.Within(HorizontalFlip, 0, 1);
    }
}
