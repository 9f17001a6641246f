using Fovea.Options;

namespace Fovea.Data.Sampling;

/// <summary>How often an epoch takes the images of each class; <c>kind</c> says by which rule. Loss, evaluation and validation know nothing of it.</summary>
/// <remarks>
/// A rule is one record: its options, their ranges and <see cref="Times"/>. Its row in <see cref="Kinds"/> makes it known to recipes. What an epoch takes
/// follows from the classes of the images, the seed and the epoch alone, so that neither workers nor an interruption change it. An image that is taken
/// several times is augmented anew each time.
/// </remarks>
public abstract record Sampler : IAlternative
{
    private const int MostEpochs = 1_000_000;

    /// <summary>The default of each rule; its <see cref="Kind"/> is what a recipe names.</summary>
    public static IReadOnlyList<Sampler> Kinds { get; } =
    [
        new UniformSampler(), new ClassBalancedSampler(), new SquareRootSampler(), new PowerSampler(), new ProgressiveSampler(), new EffectiveNumberSampler(),
        new RepeatFactorSampler(),
    ];

    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <summary>The epoch from which on the rule holds, from 0; before it every image is taken once. 0–1 000 000. Default 0.</summary>
    public int FromEpoch { get; init; }

    /// <summary>
    /// Whether an epoch has as many places as there are images, by default. Each class then gets its share of them, rounded up or down, and its images take
    /// turns: none is taken again before all others were. Otherwise the number of each image is rounded by itself, up or down at random with the right mean,
    /// and epochs differ in length.
    /// </summary>
    public virtual bool KeepsLength => true;

    /// <summary>The rule: how many times each image of a class is taken in an epoch, on average.</summary>
    /// <param name="counts">The images of each class, by number; 0 for a class without any.</param>
    /// <param name="progress">The share of the run's epochs that are over, 0–1.</param>
    /// <returns>A number for each class, at least 0; what it is of a class without images does not matter.</returns>
    public abstract IReadOnlyList<double> Times(IReadOnlyList<int> counts, double progress);

    /// <inheritdoc/>
    public virtual void Check(OptionChecks checks) => checks.AtLeast(FromEpoch, 0, MostEpochs);

    /// <summary>How often images are taken where an epoch as long as there are images is divided among the classes that have any.</summary>
    /// <param name="counts">The images of each class.</param>
    /// <param name="weight">What the share of a class is in proportion to, from the number of its images; above 0.</param>
    protected static IReadOnlyList<double> ByShares(IReadOnlyList<int> counts, Func<int, double> weight)
    {
        var (weights, images) = (counts.Select(count => count == 0 ? 0 : weight(count)).ToArray(), counts.Sum(count => (long)count));
        var sum = weights.Sum();
        return [.. counts.Select((count, label) => count == 0 ? 0 : images * (weights[label] / sum) / count)];
    }
}
