using Fovea.Data.Transfer;

namespace Fovea.Data.Sources;

/// <summary>How a data set is read that is no folder of class folders.</summary>
public sealed record SourceOptions
{
    /// <summary>
    /// The folder where the paths of a list begin, and which they may not lead out of. Default <see langword="null"/>: the folder of the list.
    /// </summary>
    public string? Root { get; init; }

    /// <summary>
    /// A file with the names of the classes in the order of the labels (a name on each line). Default <see langword="null"/>: what the data
    /// brings along, as <c>classes.txt</c> beside a list, or the labels themselves.
    /// </summary>
    public string? ClassNames { get; init; }

    /// <summary>Whether the 20 coarse classes of CIFAR-100 are meant rather than the 100 fine ones. Default false.</summary>
    public bool CoarseLabels { get; init; }

    /// <summary>How patient transfers from servers are. Default: those of <see cref="TransferOptions"/>.</summary>
    public TransferOptions Transfer { get; init; } = new();
}
