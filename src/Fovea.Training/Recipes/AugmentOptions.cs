using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>What happens to training images, beside what <see cref="DataOptions"/> says of all images.</summary>
public sealed record AugmentOptions : IOptions
{
    /// <summary>How the input is cut from the image. Default random_resized.</summary>
    public Crop Crop { get; init; } = Crop.RandomResized;

    /// <summary>For random_resized: the smallest area, as a share of the image's; at least 1e-6, at most <see cref="MaxScale"/>. Default 0.08.</summary>
    public double MinScale { get; init; } = 0.08;

    /// <summary>For random_resized: the largest area, as a share of the image's; at most 1. Default 1.</summary>
    public double MaxScale { get; init; } = 1;

    /// <summary>For random_resized: the smallest width over height; at least 0.01, at most <see cref="MaxRatio"/>. Default 0.75.</summary>
    public double MinRatio { get; init; } = 0.75;

    /// <summary>For random_resized: the largest width over height; at most 100. Default 4/3.</summary>
    public double MaxRatio { get; init; } = 4.0 / 3;

    /// <summary>For padded: the border in pixels; 0–1024. Default 4.</summary>
    public int Padding { get; init; } = 4;

    /// <summary>The share of images that are mirrored left to right; 0–1. Default 0.5.</summary>
    public double HorizontalFlip { get; init; } = 0.5;

    /// <summary>
    /// Whether a JPEG that is much larger than the input may be decoded at 1/2, 1/4 or 1/8 of its size: faster, but other pixels than a full
    /// decoding gives. Default false.
    /// </summary>
    public bool ScaledDecoding { get; init; }

    /// <inheritdoc/>
    public void Check(OptionChecks checks)
    {
        checks.Within(MinScale, 1e-6, 1);
        checks.Within(MaxScale, Math.Clamp(MinScale, 1e-6, 1), 1);
        checks.Within(MinRatio, 0.01, 100);
        checks.Within(MaxRatio, Math.Clamp(MinRatio, 0.01, 100), 100);
        checks.AtLeast(Padding, 0, 1024);
        checks.Within(HorizontalFlip, 0, 1);
    }
}
