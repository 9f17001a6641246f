using Fovea.Images;
using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>What turns an encoded image into the input of a model: the preprocessing, and in training the steps on the way to it.</summary>
public sealed record ImagePipeline
{
    /// <summary>The input: its size, how images come to it, and the normalisation. Default that of ImageNet at 224.</summary>
    public Preprocessing Input { get; init; } = new();

    /// <summary>
    /// The steps, in their order; where none fixes the size, images are first fitted as in evaluation (<see cref="FitToInput"/>). Default none:
    /// evaluation.
    /// </summary>
    public IReadOnlyList<Transform> Transforms { get; init; } = [];

    /// <summary>
    /// Whether a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size where at least twice as many pixels remain along each side as the first step
    /// makes. Faster for large pictures, but other pixels: 0.4 of 255 levels on average and 0.7 in the worst of 164 ImageNet pictures cropped to 112.
    /// Only for training. Default false.
    /// </summary>
    public bool ScaledDecoding { get; init; }

    /// <summary>Which views of each image there are, one row after the other; of training, one. Default one.</summary>
    public Views Views { get; init; }

    /// <summary>Whether a step draws random numbers, as in training; evaluation must not.</summary>
    public bool IsRandom => Transforms.Any(transform => transform.IsRandom);

    /// <summary>All steps, with the fitting in front where it is needed.</summary>
    internal IReadOnlyList<Transform> Steps => Transforms.Any(transform => transform.FixesSize) ? Transforms : [new FitToInput { Views = Views }, .. Transforms];

    /// <summary>What a preprocessing says, and nothing else: the same in evaluation, prediction and deployment.</summary>
    /// <param name="preprocessing">The preprocessing.</param>
    /// <exception cref="PreprocessingException">A value is out of range.</exception>
    public static ImagePipeline Evaluate(Preprocessing preprocessing)
    {
        preprocessing.Validate();
        return new() { Input = preprocessing };
    }

    /// <summary>Evaluation as torchvision's: the shorter side to ⌊size / 0.875⌋ (256 for 224), then the middle, with ImageNet's mean and deviation.</summary>
    /// <param name="size">The side of the result in pixels.</param>
    /// <exception cref="PreprocessingException">The size is out of range.</exception>
    public static ImagePipeline Evaluate(int size) => Evaluate(Square(size));

    /// <summary>Training on natural images: random resized crop, horizontal flip.</summary>
    /// <param name="size">The side of the result in pixels.</param>
    public static ImagePipeline Train(int size) => new() { Input = Square(size), Transforms = [new RandomResizedCrop(), new HorizontalFlip()] };

    /// <summary>Training on small images: random crop after padding, horizontal flip.</summary>
    /// <param name="size">The side of the images and of the result in pixels.</param>
    /// <param name="padding">Black pixels added to each side.</param>
    public static ImagePipeline Cifar(int size = 32, int padding = 4) =>
        new() { Input = Square(size) with { CropFraction = 1 }, Transforms = [new RandomCrop { Padding = padding }, new HorizontalFlip()] };

    /// <summary>Throws if an option is out of range.</summary>
    /// <exception cref="PreprocessingException">A value of the preprocessing is.</exception>
    /// <exception cref="ArgumentException">One of a step is: what it is, and what was wanted.</exception>
    public void Validate()
    {
        Input.Validate();
        if (Problems() is { Count: > 0 } problems) throw new ArgumentException(string.Join("; ", problems));
    }

    /// <summary>What is out of range of the steps and views; empty when the pipeline can be used with a preprocessing in range.</summary>
    public IReadOnlyList<OptionProblem> Problems()
    {
        var problems = new List<OptionProblem>();
        for (var i = 0; i < Transforms.Count; i++) Transforms[i].Check(new OptionChecks(problems).In($"transforms[{i}]"));
        if (Views != Views.One && Transforms.Count > 0)
            problems.Add(new("views", OptionNames.SnakeCase(Views.ToString()), "no transforms beside several views of an image"));
        if (Views is Views.FiveCrop or Views.TenCrop && (Input.Fit == Fit.Stretch || Input.ShorterSide == Input.Height))
            problems.Add(new(
                "views", OptionNames.SnakeCase(Views.ToString()), "fit: crop with a crop_fraction below 1, so that corners differ from the middle"));
        return problems;
    }

    /// <summary>Whether both have equal steps and options.</summary>
    public bool Equals(ImagePipeline? other) =>
        other is not null && Input == other.Input && (ScaledDecoding, Views) == (other.ScaledDecoding, other.Views) && Transforms.SequenceEqual(other.Transforms);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var transform in Transforms) hash.Add(transform);
        hash.Add(Input);
        hash.Add(ScaledDecoding);
        hash.Add(Views);
        return hash.ToHashCode();
    }

    /// <summary>The kinds of the steps in their order, and the preprocessing.</summary>
    public override string ToString() => string.Join(" → ", Transforms.Select(transform => transform.Kind).Append(Input.ToString()));

    private static Preprocessing Square(int size) => new() { Height = size, Width = size };
}
