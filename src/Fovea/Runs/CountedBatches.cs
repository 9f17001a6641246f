using Fovea.Training.Batches;

namespace Fovea.Runs;

/// <summary>Another source's batches, counted as they are used.</summary>
/// <param name="batches">The source.</param>
/// <param name="used">Told the epoch and how many batches of it are done.</param>
internal sealed class CountedBatches(IBatchSource batches, Action<int, int> used) : IBatchSource
{
    public int Samples => batches.Samples;

    public int BatchSize => batches.BatchSize;

    public int Batches => batches.Batches;

    public int BatchesOf(int epoch) => batches.BatchesOf(epoch);

    public int ImageSizeAt(int epoch) => batches.ImageSizeAt(epoch);

    public IReadOnlyList<string> BadImages => batches.BadImages;

    public IFixedImages? FixedAt(int epoch) => batches.FixedAt(epoch) is { } images ? new CountedImages(images, used) : null;

    public IEnumerable<Batch> Epoch(int epoch, int first = 0, CancellationToken stop = default)
    {
        var done = first;
        foreach (var batch in batches.Epoch(epoch, first, stop))
        {
            yield return batch;
            used(epoch, ++done);
        }
    }

    private sealed class CountedImages(IFixedImages images, Action<int, int> used) : IFixedImages
    {
        public int Count => images.Count;

        public int BatchSize => images.BatchSize;

        public IEnumerable<(Batch Batch, ReadOnlyMemory<int> Numbers)> All(CancellationToken stop = default) => images.All(stop);

        public IEnumerable<ReadOnlyMemory<int>> Order(int epoch, int first = 0)
        {
            var done = first;
            foreach (var numbers in images.Order(epoch, first))
            {
                yield return numbers;
                used(epoch, ++done);
            }
        }
    }
}
