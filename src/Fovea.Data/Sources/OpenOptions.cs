namespace Fovea.Data.Sources;

/// <summary>How a data set is divided and what it must have.</summary>
public sealed record OpenOptions
{
    /// <summary>
    /// The share of each class that is held back for validation where the data has no validation part of its own, rounded down; 0 to 1
    /// (exclusive). A class of which that leaves nothing gives all its images to both sides, and a warning says so. Default 0.1; 0 holds
    /// nothing back.
    /// </summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Which images are held back follows from this number and the class alone. Default 0.</summary>
    public ulong SplitSeed { get; init; }

    /// <summary>Whether a class without images in the training part is a warning rather than an error. Default false.</summary>
    public bool AllowEmptyClasses { get; init; }

    /// <summary>The smallest number of classes that is accepted. Default 2.</summary>
    public int MinimumClasses { get; init; } = 2;

    /// <summary>
    /// Keys of images that a run moved to quarantine. They keep their place, so that the order in which a resumed run sees all others is the
    /// same although the files are gone. Default none.
    /// </summary>
    public IReadOnlyCollection<string> Quarantined { get; init; } = [];
}
