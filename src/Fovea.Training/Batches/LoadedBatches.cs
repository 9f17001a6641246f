using Fovea.Data.Batching;

namespace Fovea.Training.Batches;

/// <summary>The batches that a loader makes of image files.</summary>
/// <param name="loader">The loader; it stays the caller's.</param>
public sealed class LoadedBatches(BatchLoader loader) : IBatchSource
{
    /// <inheritdoc/>
    public int Samples => loader.Samples;

    /// <inheritdoc/>
    public int BatchSize => loader.BatchSize;

    /// <inheritdoc/>
    public int Batches => loader.ExpectedBatches;

    /// <inheritdoc/>
    public int BatchesOf(int epoch) => loader.BatchesOf(epoch);

    /// <inheritdoc/>
    public int ImageSizeAt(int epoch) => loader.Height == loader.Width ? loader.Height : 0;

    /// <inheritdoc/>
    public IReadOnlyList<string> BadImages => loader.BadKeys;

    /// <inheritdoc/>
    public IEnumerable<Batch> Epoch(int epoch, int first = 0, CancellationToken stop = default)
    {
        foreach (var batch in loader.Epoch(epoch, first, stop)) 
            yield return new(batch.Count, batch.Images, batch.Labels, batch.Targets, loader.ViewsPerImage, batch.Samples);
    }
}
