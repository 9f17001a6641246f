using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>One step of a training image on its way to the model: its options, and the work.</summary>
/// <remarks>
/// A step works on pixels (<see cref="Apply"/>), on the normalised numbers that the model sees (<see cref="Finish"/>), or on both; all that work on
/// pixels come before those that work on numbers. What it draws follows from the seed, its name (its kind, and its number among steps of that kind),
/// the epoch and the image alone: another step changes nothing of it.
/// </remarks>
public abstract record Transform : IAlternative
{
    /// <summary>The default of each kind; its <see cref="Kind"/> is what a recipe names.</summary>
    public static IReadOnlyList<Transform> Kinds { get; } =
    [
        new RandomResizedCrop(), new FitToInput(), new RandomCrop(), new DarknetCrop(), new HorizontalFlip(), new AlternatingFlip(), new VerticalFlip(),
        new RandomErasing(), new Cutout(), new GridMask(), new HideAndSeek(),
        new RandAugment(), new AutoAugment(), new TrivialAugmentWide(), new AugMix(), new ThreeAugment(),
        new ColorJitter(), new HsvJitter(), new Lighting(), new Grayscale(), new GaussianBlur(), new Sharpness(), new Gamma(),
        new Solarize(), new Posterize(), new Equalize(), new AutoContrast(), new Invert(), new RandomAffine(),
    ];

    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <summary>Whether it draws random numbers: by default.</summary>
    public virtual bool IsRandom => true;

    /// <summary>
    /// Whether it makes an image of any size as large as the input of the model: by default not. Where no step does, images are first fitted as in
    /// evaluation.
    /// </summary>
    public virtual bool FixesSize => false;

    /// <inheritdoc/>
    public virtual void Check(OptionChecks checks)
    {
    }

    /// <summary>Works on the pixels; by default leaves them as they are.</summary>
    /// <param name="canvas">The image.</param>
    /// <param name="draws">The random numbers of this step for this image in this epoch.</param>
    public virtual void Apply(Canvas canvas, ref Draws draws)
    {
    }

    /// <summary>Works on the normalised numbers; by default leaves them as they are.</summary>
    /// <param name="planes">The image.</param>
    /// <param name="draws">The random numbers, from the first that <see cref="Apply"/> saw.</param>
    public virtual void Finish(Planes planes, ref Draws draws)
    {
    }

    /// <summary>The least number of original pixels that become one, over both axes, if this is the first step: how much smaller decoding may be.</summary>
    internal virtual double Reduction(int width, int height, Fovea.Images.Preprocessing input, Draws draws) => 1;
}
