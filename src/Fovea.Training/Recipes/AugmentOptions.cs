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
    /// How the rows of a batch are made of several of its images: of each batch, one of these is done with its probability. Together they are at most 1.
    /// Default none.
    /// </summary>
    public IReadOnlyList<Mixer> Mixing { get; init; } = [];

    /// <summary>
    /// How many times one after the other each image is augmented anew and taken (arXiv:1901.09335); 1–64. The epoch stays as long, and sees as small a
    /// part of the images. Default 1.
    /// </summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Which views of an image the run's evaluation looks at; what the model says of them is averaged. Default one.</summary>
    public Views Views { get; init; }

    /// <summary>
    /// Whether a JPEG that is much larger than the input may be decoded at 1/2, 1/4 or 1/8 of its size: faster, but other pixels than a full
    /// decoding gives. Default false.
    /// </summary>
    public bool ScaledDecoding { get; init; }

    /// <inheritdoc/>
    public void Check(OptionChecks checks)
    {
        for (var i = 0; i < Transforms.Count; i++) Transforms[i].Check(checks.In($"transforms[{i}]"));
        Mixer.CheckAll(Mixing, checks, "mixing");
        checks.Within(Repeats, 1, 64);
    }
}
