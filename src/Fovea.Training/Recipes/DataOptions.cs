using Fovea.Data.Batching;
using Fovea.Images;
using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>Which images a run sees, and how they become the input of the model.</summary>
public sealed record DataOptions : IOptions
{
    /// <summary>The share of each class that is held back for evaluation when the data have no such part; at least 0, below 1. Default 0.1.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>
    /// Which images these are follows from it, not from train.seed, so that runs with several seeds are evaluated on the same; 0 to 2^64 - 1. Default 0.
    /// </summary>
    public ulong SplitSeed { get; init; }

    /// <summary>
    /// The share of each class's training images that the run uses, as for a fast trial: rounded down, but at least one image; above 0, at most 1. Which
    /// follow from train.seed, and of a smaller share they are among those of a larger one. What is held back for evaluation is held back before. Default 1.
    /// </summary>
    public double Fraction { get; init; } = 1;

    /// <summary>
    /// The same of the images that the run evaluates, by split_seed; above 0, at most 1. Default 1: all, whatever <see cref="Fraction"/> is.
    /// </summary>
    public double ValidationShare { get; init; } = 1;

    /// <summary>Rows and columns of the input; 1 to 8192, or 0 (the default) for what the model was designed for.</summary>
    public int ImageSize { get; init; }

    /// <summary>How an image of another size becomes a square, in evaluation and before a padded crop. Left out (null, the default): the model's.</summary>
    public Fit? Fit { get; init; }

    /// <summary>For the fit crop: the side of the square as a share of the shorter side; 0.125 to 1. 0, the default, for the model's.</summary>
    public double CropFraction { get; init; }

    /// <summary>How pixels are weighted when images are resized. Left out (null, the default): as the model's published weights want it.</summary>
    public Interpolation? Interpolation { get; init; }

    /// <summary>Subtracted from red, green and blue (or from grey, one number), which are shares of white, 0–1; empty, the default, for the model's.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [];

    /// <summary>Divides red, green and blue (or grey, one number) after that; 0.001 to 2. Empty, the default, for the model's.</summary>
    public IReadOnlyList<double> Std { get; init; } = [];

    /// <summary>
    /// Stages of a run whose training images are smaller than the input, as in <c>[{until: 0.4, image_size: 128}, {until: 0.7, image_size: 160}]</c>; after
    /// the last they have the input's size, as those of evaluation always do. A teacher is given the images of its student, model.whiten looks at those with
    /// which the run begins. Default none.
    /// </summary>
    public IReadOnlyList<SizeStage> Progressive { get; init; } = [];

    /// <summary>What is done with an image that cannot be read. Default fail.</summary>
    public BadImagePolicy BadImages { get; init; } = BadImagePolicy.Fail;

    /// <summary>Threads that decode and augment; 1–1024, or 0 (the default) for one per core. The images do not depend on it.</summary>
    public int Workers { get; init; }

    /// <summary>
    /// What is kept in memory from the first epoch for the next ones; the images do not depend on it. With auto, the default, what frozen parts make of images
    /// is kept in their place where augmentation changes nothing.
    /// </summary>
    public CacheMode Cache { get; init; } = CacheMode.Auto;

    /// <summary>The most that is kept in memory, in MiB, and never more than an eighth of the machine's memory; 0–1 048 576. Default 1024.</summary>
    public int CacheMebibytes { get; init; } = 1024;

    /// <summary>What these options say of preprocessing.</summary>
    public PreprocessingChoice Choice => new()
    {
        ImageSize = ImageSize == 0 ? null : ImageSize,
        Fit = Fit,
        CropFraction = CropFraction == 0 ? null : CropFraction,
        Interpolation = Interpolation,
        Mean = Mean.Count == 0 ? null : Mean,
        Std = Std.Count == 0 ? null : Std,
    };

    /// <summary>These options with the model's preprocessing where they say nothing, and with the flags' where those say something.</summary>
    /// <param name="model">What the model's row says.</param>
    /// <param name="flags">What the flags say; null where there are none.</param>
    /// <exception cref="PreprocessingException">A value is out of range, or there are not as many means or deviations as the model has channels.</exception>
    public DataOptions Resolve(Preprocessing model, PreprocessingChoice? flags = null)
    {
        var resolved = flags is null ? model.Resolve(Choice) : model.Resolve(Choice, flags);
        return this with
        {
            ImageSize = resolved.Height,
            Fit = resolved.Fit,
            CropFraction = resolved.CropFraction,
            Interpolation = resolved.Interpolation,
            Mean = resolved.Mean,
            Std = resolved.Std,
        };
    }

    /// <inheritdoc/>
    public void Check(OptionChecks checks)
    {
        checks.Below(ValidationFraction, 0, 1);
        checks.Positive(Fraction, 1);
        checks.Positive(ValidationShare, 1);
        for (var i = 0; i < Progressive.Count; i++)
        {
            var below = checks.In(FormattableString.Invariant($"progressive[{i}]"));
            Progressive[i].Check(below);
            if (i > 0 && Progressive[i].Until <= Progressive[i - 1].Until
                && !checks.In(FormattableString.Invariant($"progressive[{i - 1}]")).IsWrong(nameof(SizeStage.Until)))
                below.Fail(nameof(SizeStage.Until), FormattableString.Invariant($"{Progressive[i].Until}"), "more than in the stage before");
        }

        foreach (var (name, value, wanted) in Choice.Problems()) checks.Fail(name, value, wanted);
        checks.Within(Workers, 0, 1024);
        checks.AtLeast(CacheMebibytes, 0, 1 << 20);
    }
}
