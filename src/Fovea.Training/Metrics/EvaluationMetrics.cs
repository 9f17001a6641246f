
namespace Fovea.Training.Metrics;

/// <summary>What an evaluation found. All shares are fractions, 0–1.</summary>
public sealed record EvaluationMetrics
{
    /// <summary>The images that were evaluated.</summary>
    public required long Samples { get; init; }

    /// <summary>The mean cross-entropy in nats, without label smoothing.</summary>
    public required double Loss { get; init; }

    /// <summary>The share of images whose class has the largest logit; among equal logits the first class wins.</summary>
    public required double Top1 { get; init; }

    /// <summary>The share of images whose class is among the five largest logits; null up to five classes, where it says nothing.</summary>
    public required double? Top5 { get; init; }

    /// <summary>The mean of the accuracies of the classes that have images, each class counting the same.</summary>
    public required double Macro { get; init; }

    /// <summary>Correct images over all images, summed over the classes; with one class an image, the same as <see cref="Top1"/>.</summary>
    public required double Micro { get; init; }

    /// <summary>One row per class, the worst first; equal ones by number, classes without images last.</summary>
    public required IReadOnlyList<ClassAccuracy> PerClass { get; init; }

    /// <summary>Who is taken for whom.</summary>
    public required ConfusionMatrix Confusion { get; init; }

    /// <summary>The mistakes of which the model was surest, at most 36, the worst first.</summary>
    public IReadOnlyList<Mistake> Mistakes { get; init; } = [];
}
