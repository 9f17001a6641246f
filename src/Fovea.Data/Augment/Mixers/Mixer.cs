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
    /// <summary>The default of each kind; its <see cref="Kind"/> is what a recipe names.</summary>
    public static IReadOnlyList<Mixer> Kinds { get; } = [new Mixup(), new CutMix(), new Ricap(), new Mosaic(), new FMix()];

    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <summary>The share of batches that are mixed so; 0–1, and with those of the other kinds in the list at most 1. Default 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Whether each row draws its own mix, not the batch together; default false.</summary>
    public bool PerImage { get; init; }

    /// <summary>The images of which a row is made, itself included.</summary>
    public abstract int Images { get; }

    /// <inheritdoc/>
    public virtual void Check(OptionChecks checks) => checks.Within(Probability, 0, 1);

    /// <summary>Draws how the images become one.</summary>
    /// <param name="width">Columns of the images.</param>
    /// <param name="height">Rows of the images.</param>
    /// <param name="draws">The random numbers of the batch, or of the row.</param>
    public abstract Blend Draw(int width, int height, ref Draws draws);

    /// <summary>Tells what cannot be used of a list of mixers.</summary>
    public static void CheckAll(IReadOnlyList<Mixer> mixers, OptionChecks checks, string name)
    {
        for (var i = 0; i < mixers.Count; i++) mixers[i].Check(checks.In($"{name}[{i}]"));
        var sum = mixers.Sum(mixer => mixer.Probability);
        if (sum > 1 + 1e-9)
            checks.Fail(
                name, FormattableString.Invariant($"probabilities whose sum is {sum:0.###}"), "at most 1, since a batch is mixed in one way: 0.5 each for two");
    }
}
