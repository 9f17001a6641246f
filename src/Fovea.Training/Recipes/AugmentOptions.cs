using Fovea.Data.Augment;
using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>What happens to training images, beside what <see cref="DataOptions"/> says of all images.</summary>
public sealed record AugmentOptions : IOptions
{
    /// <summary>
    /// The steps of each image, in their order. Where none fixes the size, images are first fitted as in evaluation. Default random_resized_crop,
    /// horizontal_flip.
    /// </summary>
    public IReadOnlyList<Transform> Transforms { get; init; } = [new RandomResizedCrop(), new HorizontalFlip()];

    /// <summary>
    /// Whether a JPEG that is much larger than the input may be decoded at 1/2, 1/4 or 1/8 of its size: faster, but other pixels than a full
    /// decoding gives. Default false.
    /// </summary>
    public bool ScaledDecoding { get; init; }

    /// <inheritdoc/>
    public void Check(OptionChecks checks)
    {
        for (var i = 0; i < Transforms.Count; i++) Transforms[i].Check(checks.In($"transforms[{i}]"));
    }
}
