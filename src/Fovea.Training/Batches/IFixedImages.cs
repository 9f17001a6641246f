namespace Fovea.Training.Batches;

/// <summary>Training images that are the same in every epoch, by their numbers: what frozen parts make of them has to be computed only once.</summary>
public interface IFixedImages
{
    /// <summary>How many there are, bad ones included; they are numbered from 0.</summary>
    int Count { get; }

    /// <summary>The most images in a batch.</summary>
    int BatchSize { get; }

    /// <summary>Each image once, in batches, but for bad ones, which no order has from then on.</summary>
    /// <param name="stop">Ends the wait for a batch by an <see cref="OperationCanceledException"/>.</param>
    IEnumerable<(Batch Batch, ReadOnlyMemory<int> Numbers)> All(CancellationToken stop = default);

    /// <summary>The numbers of the images in the batches that <see cref="IBatchSource.Epoch"/> gives.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="first">The batch to start with.</param>
    IEnumerable<ReadOnlyMemory<int>> Order(int epoch, int first = 0);
}
