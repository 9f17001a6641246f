using Fovea.Images;

namespace Fovea.Data.Augment;

/// <summary>The steps that turn an encoded image into a model's input: the geometry, one after another, and the normalisation.</summary>
/// <remarks>
/// In evaluation they are what a <see cref="Preprocessing"/> says (<see cref="Evaluate(Preprocessing)"/>); training puts random steps before them.
/// </remarks>
public sealed record ImagePipeline
{
    /// <summary>The steps in their order; the last that sets a size must fix it. Default none.</summary>
    public IReadOnlyList<Transform> Transforms { get; init; } = [];

    /// <summary>The last step: from bytes to floats, of as many channels. Default ImageNet's mean and deviation.</summary>
    public Normalize Normalize { get; init; } = Normalize.ImageNet;

    /// <summary>
    /// Whether a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size where at least twice as many pixels remain along each side as the first transform
    /// makes. Faster for large pictures, but other pixels: 0.4 of 255 levels on average and 0.7 in the worst of 164 ImageNet pictures cropped to 112.
    /// Only for training. Default false.
    /// </summary>
    public bool ScaledDecoding { get; init; }

    /// <summary>Channels of the result: 1 (grey) or 3 (red, green, blue).</summary>
    public int Channels => Normalize.Mean.Count;

    /// <summary>Whether a step draws random numbers, as in training; evaluation must not.</summary>
    public bool IsRandom => Transforms.Any(transform => transform.IsRandom);

    /// <summary>Width and height of the result.</summary>
    /// <exception cref="ArgumentException">No step fixes the size.</exception>
    public (int Width, int Height) OutputSize
    {
        get
        {
            (int, int)? size = null;
            foreach (var transform in Transforms) size = transform.OutputSize(size);
            return size ?? throw new ArgumentException($"«{this}» leaves images as large as they come; wanted a last step that fixes the size, such as a crop");
        }
    }

    /// <summary>What a preprocessing says, and nothing else: the same in evaluation, prediction and deployment.</summary>
    /// <param name="preprocessing">The preprocessing.</param>
    /// <exception cref="PreprocessingException">A value is out of range.</exception>
    public static ImagePipeline Evaluate(Preprocessing preprocessing)
    {
        preprocessing.Validate();
        var (width, height, way) = (preprocessing.Width, preprocessing.Height, preprocessing.Interpolation);
        return new()
        {
            Transforms = preprocessing.Fit == Fit.Stretch
                ? [new ResizeExact { Width = width, Height = height, Interpolation = way }]
                : [new Resize { Size = preprocessing.ShorterSide, Interpolation = way }, new CenterCrop { Size = width }],
            Normalize = new(preprocessing.Mean, preprocessing.Std),
        };
    }

    /// <summary>Evaluation as torchvision's: the shorter side to ⌊size / 0.875⌋ (256 for 224), then the middle, with ImageNet's mean and deviation.</summary>
    /// <param name="size">The side of the result in pixels.</param>
    /// <exception cref="PreprocessingException">The size is out of range.</exception>
    public static ImagePipeline Evaluate(int size) => Evaluate(new Preprocessing { Height = size, Width = size });

    /// <summary>Training on natural images: random resized crop, horizontal flip.</summary>
    /// <param name="size">The side of the result in pixels.</param>
    public static ImagePipeline Train(int size) => new() { Transforms = [new RandomResizedCrop { Size = size }, new RandomHorizontalFlip()] };

    /// <summary>Training on small images of one size: random crop after padding, horizontal flip.</summary>
    /// <param name="size">The side of the images and of the result in pixels.</param>
    /// <param name="padding">Black pixels added to each side.</param>
    public static ImagePipeline Cifar(int size = 32, int padding = 4) =>
        new() { Transforms = [new RandomCrop { Size = size, Padding = padding }, new RandomHorizontalFlip()] };

    /// <summary>Throws if an option is out of range or no step fixes the size.</summary>
    /// <exception cref="ArgumentException">What is wrong, and what was wanted.</exception>
    public void Validate()
    {
        foreach (var transform in Transforms) transform.Validate();
        Normalize.Validate();
        _ = OutputSize;
    }

    /// <summary>Whether both have equal steps and options.</summary>
    public bool Equals(ImagePipeline? other) =>
        other is not null && Normalize == other.Normalize && ScaledDecoding == other.ScaledDecoding && Transforms.SequenceEqual(other.Transforms);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var transform in Transforms) hash.Add(transform);
        hash.Add(Normalize);
        hash.Add(ScaledDecoding);
        return hash.ToHashCode();
    }

    /// <summary>The steps with their options, in their order.</summary>
    public override string ToString() => string.Join(" → ", Transforms.Select(transform => transform.ToString()).Append(Normalize.ToString()));
}
