using Fovea.Training.Batches;

namespace Fovea.Cli.Work;

/// <summary>Another source's batches, counted as they are used.</summary>
/// <param name="batches">The source.</param>
/// <param name="used">Told the epoch and how many batches of it are done.</param>
internal sealed class CountedBatches(IBatchSource batches, Action<int, int> used) : IBatchSource
{
    public int Samples => batches.Samples;

    public int BatchSize => batches.BatchSize;

    public int Batches => batches.Batches;

    public int BatchesOf(int epoch) => batches.BatchesOf(epoch);

    public IReadOnlyList<string> BadImages => batches.BadImages;

    public IEnumerable<Batch> Epoch(int epoch, int first = 0, CancellationToken stop = default)
    {
        var done = first;
        foreach (var batch in batches.Epoch(epoch, first, stop))
        {
            yield return batch;
            used(epoch, ++done);
        }
    }
}
