using Fovea.Options;

namespace Fovea.Data.Augment;

/// <summary>Makes each row of a batch of several of its images: its options, and the work.</summary>
/// <remarks>
/// The rows of a batch are made as without it, and mixed after that; image k of a row is that row for k = 0, and for the others the row that a random
/// order of the batch has in its place. What is drawn follows from the seed, the name (its kind, and its number among mixers of that kind), the epoch
/// and the number of the batch (and of the row) alone.
/// </remarks>
public abstract record Mixer : IAlternative
{
    private const double Rounding = 1e-9;

    /// <summary>The default of each kind; its <see cref="Kind"/> is what a recipe names.</summary>
    public static IReadOnlyList<Mixer> Kinds { get; } = [new Mixup(), new CutMix(), new Ricap(), new Mosaic(), new FMix()];

    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <summary>
    /// The share of batches that are mixed so; 0–1, and with those of the others in the list at most 1. Left out (null, the default): what others leave,
    /// divided equally among those that do not say either, so that one alone has 1, and two have 1/2 each, as timm's <c>switch_prob</c>.
    /// </summary>
    public double? Probability { get; init; }

    /// <summary>Whether each row draws its own mix, not the batch together; default false.</summary>
    public bool PerImage { get; init; }

    /// <summary>The images of which a row is made, itself included.</summary>
    public abstract int Images { get; }

    /// <inheritdoc/>
    public virtual void Check(OptionChecks checks)
    {
        if (Probability is { } probability) checks.Within(probability, 0, 1, nameof(Probability));
    }

    /// <summary>Draws how the images become one.</summary>
    /// <param name="width">Columns of the images.</param>
    /// <param name="height">Rows of the images.</param>
    /// <param name="draws">The random numbers of the batch, or of the row.</param>
    public abstract Blend Draw(int width, int height, ref Draws draws);

    /// <summary>Tells what cannot be used of a list of mixers.</summary>
    public static void CheckAll(IReadOnlyList<Mixer> mixers, OptionChecks checks, string name)
    {
        for (var i = 0; i < mixers.Count; i++) mixers[i].Check(checks.In($"{name}[{i}]"));
        var sum = mixers.Sum(mixer => mixer.Probability ?? 0);
        if (sum > 1 + Rounding)
            checks.Fail(
                name, FormattableString.Invariant($"probabilities whose sum is {sum:0.###}"), "at most 1, since a batch is mixed in one way: 0.5 each for two");
        else if (sum > 1 - Rounding && mixers.FirstOrDefault(mixer => mixer.Probability is null) is { } without)
            checks.Fail(name, $"{without.Kind} without a probability beside others that have all of it", "less for the others, or one for each");
    }

    /// <summary>The share of batches that each mixer of a list gets.</summary>
    internal static IReadOnlyList<double> Shares(IReadOnlyList<Mixer> mixers)
    {
        var left = 1 - mixers.Sum(mixer => mixer.Probability ?? 0);
        var open = mixers.Count(mixer => mixer.Probability is null);
        return [.. mixers.Select(mixer => mixer.Probability ?? (left / open))];
    }
}
