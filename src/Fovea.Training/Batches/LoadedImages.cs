using Fovea.Data.Batching;

namespace Fovea.Training.Batches;

/// <summary>The images behind a loader whose augmentation changes nothing from epoch to epoch.</summary>
/// <param name="loader">Gives the loader of the moment, which says the order; it stays the caller's.</param>
/// <param name="open">Opens a loader that gives each of them once, as they are trained on. It is disposed of here.</param>
internal sealed class LoadedImages(Func<BatchLoader> loader, Func<BatchLoader> open) : IFixedImages
{
    public int Count => loader().Images;

    public int BatchSize => loader().BatchSize;

    public IEnumerable<(Batch Batch, ReadOnlyMemory<int> Numbers)> All(CancellationToken stop = default)
    {
        using var all = open();
        foreach (var batch in all.Epoch(0, 0, stop)) yield return (new(batch.Count, batch.Images, batch.Labels), batch.Samples);
        loader().LeaveOut(all.BadKeys);
    }

    public IEnumerable<ReadOnlyMemory<int>> Order(int epoch, int first = 0) =>
        loader().NumbersOf(epoch, first).Select(numbers => new ReadOnlyMemory<int>(numbers));
}
