namespace Fovea.Data.Synth;

/// <summary>What data set <see cref="SynthDataset"/> draws.</summary>
public sealed record SynthOptions
{
    /// <summary>The least number of pictures per class.</summary>
    public const int SmallestClass = 8;

    /// <summary>The largest number of classes: 8 kinds of signs, 12 figures on each.</summary>
    public static int MostClasses => SignClass.Count;

    /// <summary>The number of classes, 2 to <see cref="MostClasses"/>. Default 24.</summary>
    public int Classes { get; init; } = 24;

    /// <summary>The pictures in training and validation together: at least <see cref="SmallestClass"/> per class, at most a million. Default 6000.</summary>
    public int Images { get; init; } = 6000;

    /// <summary>From which everything that varies is drawn. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The fraction of each class that goes to validation, 0.01 to 0.5; never fewer than 3 pictures. Default 0.15.</summary>
    public double ValFraction { get; init; } = 0.15;

    /// <summary>How many pictures are drawn at once; 0, the default, takes one per core. The bytes do not depend on it.</summary>
    public int Workers { get; init; }

    /// <summary>Checks all ranges.</summary>
    /// <exception cref="ArgumentException">Options are out of range; the message lists each with the range.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        if (Classes < 2 || Classes > MostClasses) errors.Add($"classes is {Classes}; wanted 2 to {MostClasses}");
        var fewest = SmallestClass * Math.Clamp(Classes, 2, MostClasses);
        if (Images < fewest || Images > 1_000_000) errors.Add($"images is {Images}; wanted {fewest} ({SmallestClass} per class) to 1000000");
        if (!(ValFraction is >= 0.01 and <= 0.5)) errors.Add(FormattableString.Invariant($"val_fraction is {ValFraction}; wanted 0.01 to 0.5"));
        if (Workers is < 0 or > 1024) errors.Add($"workers is {Workers}; wanted 0 (one per core) to 1024");
        if (errors.Count > 0) throw new ArgumentException($"data synth: {string.Join("; ", errors)}");
    }
}
