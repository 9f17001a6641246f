using Fovea.Data.Files;
using Fovea.Data.Sources;
using Fovea.Data.Sources.Shards;

namespace Fovea.Data.Sets;

/// <summary>A data set of any kind, known by its content: class folders, lists, archives of CIFAR, IDX files, tar shards.</summary>
public abstract class DataSet
{
    private protected DataSet(string place) => Place = place;

    /// <summary>Finds out what a place holds, and reads what there is to know before images are.</summary>
    /// <param name="place">
    /// A folder with class folders, lists, batches of CIFAR, IDX files or tar shards; a list; an archive; shards by a pattern as in
    /// <c>train-{000..012}.tar</c>, also of an http(s) server.
    /// </param>
    /// <param name="options">How it is read; the defaults if <see langword="null"/>.</param>
    /// <param name="stop">Ends reading that takes long, or hangs in the system.</param>
    /// <exception cref="DataException">There is nothing, what is there is of no kind that is known, or it is damaged.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set, and reading did not end soon.</exception>
    public static DataSet Find(string place, SourceOptions? options = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(place);
        return Interruptible.Run(left => Read(place, options ?? new(), left), stop);
    }

    /// <summary>Whether a place is that of shards by a pattern or an address, and so need not be a file or a folder.</summary>
    /// <param name="place">The place.</param>
    public static bool IsPattern(string place) => IsAddress(place) || ShardPattern.HasBraces(place);

    /// <summary>Whether a place is an address of an http(s) server.</summary>
    /// <param name="place">The place.</param>
    public static bool IsAddress(string place) => ShardSet.IsAddress(place);

    /// <summary>The place that was given.</summary>
    public string Place { get; }

    /// <summary>What is there, for messages: <c>class folders</c>, <c>CIFAR-10</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The names of the parts; none where the data is not divided.</summary>
    public abstract IReadOnlyList<string> Parts { get; }

    /// <summary>Whether there is a part to evaluate on, so that nothing needs to be held back.</summary>
    public abstract bool HasValidation { get; }

    /// <summary>Whether the classes are known by number alone, from 0: their names are the numbers.</summary>
    public virtual bool HasNumbersForNames => false;

    /// <summary>The data for training.</summary>
    /// <param name="options">How it is divided; the defaults if <see langword="null"/>.</param>
    /// <param name="stop">Ends a listing that takes long, or hangs in the system.</param>
    /// <exception cref="DataException">There are too few classes, a class without training images, or one that only the validation part has.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set, and the listing did not end soon.</exception>
    public abstract DataParts Open(OpenOptions? options = null, CancellationToken stop = default);

    /// <summary>One part for a model that knows its classes; names are matched, never places.</summary>
    /// <param name="classNames">The model's classes.</param>
    /// <param name="validation">Whether the validation part is wanted rather than the training part.</param>
    /// <param name="options">How the data is divided; the defaults if <see langword="null"/>.</param>
    /// <param name="stop">Ends a listing that takes long, or hangs in the system.</param>
    /// <returns>The images, and warnings, one line each.</returns>
    /// <exception cref="DataException">The part is missing, or has a class that the model lacks.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set, and the listing did not end soon.</exception>
    public abstract (IImageSource Images, IReadOnlyList<string> Warnings) OpenFor(
        IReadOnlyList<string> classNames, bool validation = true, OpenOptions? options = null, CancellationToken stop = default);

    /// <summary>Every image of every part, as for counting and checking; keys begin with the part's name where two would have the same.</summary>
    /// <param name="stop">Ends a listing that takes long, or hangs in the system.</param>
    /// <returns>The images, the number of each one's part in <see cref="Parts"/> or −1, and warnings, one line each.</returns>
    /// <exception cref="DataException">There are no images.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set, and the listing did not end soon.</exception>
    public abstract (IImageSource Images, Func<int, int> PartOf, IReadOnlyList<string> Warnings) OpenAll(CancellationToken stop = default);

    private static DataSet Read(string place, SourceOptions options, CancellationToken stop) =>
        DataKinds.All.Select(kind => kind.TryRead(place, options, stop)).FirstOrDefault(found => found is not null) ?? new FolderDataSet(place);
}
