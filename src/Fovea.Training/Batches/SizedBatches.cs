using Fovea.Data.Batching;

namespace Fovea.Training.Batches;

/// <summary>Batches of images whose size follows from the epoch: a loader for the present size, which gives way to another when the size changes.</summary>
/// <remarks>Bad images that one loader has met are known to the next. What was kept in memory is read anew.</remarks>
public sealed class SizedBatches : IBatchSource, IDisposable
{
    private readonly Func<int, IReadOnlyList<string>, BatchLoader> _open;
    private readonly Func<int, int> _sizeAt;
    private readonly Func<int, IReadOnlyList<string>, BatchLoader>? _openFixed;
    private (int Size, BatchLoader Loader) _present;

    /// <summary>Opens a loader for the epoch that comes first.</summary>
    /// <param name="open">Makes a loader for a size, given the keys of bad images. It is disposed of here.</param>
    /// <param name="sizeAt">The size of the images of an epoch, from 0.</param>
    /// <param name="knownBad">The keys of images that were bad before.</param>
    /// <param name="epoch">The epoch that comes first.</param>
    /// <param name="openFixed">
    /// Where images of the same size are the same in every epoch, makes a loader that gives each of them once; null, the default, where they are not.
    /// </param>
    public SizedBatches(
        Func<int, IReadOnlyList<string>, BatchLoader> open, Func<int, int> sizeAt, IReadOnlyList<string> knownBad, int epoch,
        Func<int, IReadOnlyList<string>, BatchLoader>? openFixed = null)
    {
        (_open, _sizeAt, _openFixed) = (open, sizeAt, openFixed);
        _present = (sizeAt(epoch), open(sizeAt(epoch), knownBad));
    }

    /// <summary>The loader for the present size.</summary>
    public BatchLoader Loader => _present.Loader;

    /// <inheritdoc/>
    public int Samples => Loader.Samples;

    /// <inheritdoc/>
    public int BatchSize => Loader.BatchSize;

    /// <inheritdoc/>
    public int Batches => Loader.ExpectedBatches;

    /// <inheritdoc/>
    public int BatchesOf(int epoch) => Loader.BatchesOf(epoch);

    /// <inheritdoc/>
    public int ImageSizeAt(int epoch) => _sizeAt(epoch);

    /// <inheritdoc/>
    public IReadOnlyList<string> BadImages => Loader.BadKeys;

    /// <inheritdoc/>
    public IFixedImages? FixedAt(int epoch) =>
        _openFixed is null ? null : new LoadedImages(() => Loader, () => _openFixed(_sizeAt(epoch), Loader.BadKeys));

    /// <inheritdoc/>
    public IEnumerable<Batch> Epoch(int epoch, int first = 0, CancellationToken stop = default) =>
        new LoadedBatches(LoaderAt(epoch)).Epoch(epoch, first, stop);

    /// <inheritdoc/>
    public void Dispose() => Loader.Dispose();

    private BatchLoader LoaderAt(int epoch)
    {
        var size = _sizeAt(epoch);
        if (size != _present.Size)
        {
            var bad = Loader.BadKeys;
            Loader.Dispose();
            _present = (size, _open(size, bad));
        }

        return Loader;
    }
}
