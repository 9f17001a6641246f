namespace Fovea.Training.Batches;

/// <summary>The batches of a data set, epoch by epoch.</summary>
public interface IBatchSource
{
    /// <summary>The images of an epoch, without those that a last batch that is not full would leave out; fewer if some are bad.</summary>
    int Samples { get; }

    /// <summary>The images of every batch but perhaps the last.</summary>
    int BatchSize { get; }

    /// <summary>
    /// The batches of an epoch without the images that are known to be bad by now; it may fall as batches are taken, never otherwise. Where epochs differ in
    /// length, one number for all of them: schedules count with it.
    /// </summary>
    int Batches { get; }

    /// <summary>The batches of one epoch without the images that are known to be bad by now. By default as many as any has.</summary>
    /// <param name="epoch">From 0.</param>
    int BatchesOf(int epoch) => Batches;

    /// <summary>
    /// The rows and columns of an epoch's images; 0, the default, where the source does not say it. Runs with <c>data.progressive</c> want to know.
    /// </summary>
    /// <param name="epoch">From 0.</param>
    int ImageSizeAt(int epoch) => 0;

    /// <summary>Names of the images that turned out to be bad; the order of the others depends on them, so checkpoints keep them.</summary>
    IReadOnlyList<string> BadImages { get; }

    /// <summary>
    /// The images of an epoch by their numbers, where they are the same in every epoch of the same stage; null, the default, where epochs change them.
    /// </summary>
    /// <param name="epoch">From 0.</param>
    IFixedImages? FixedAt(int epoch) => null;

    /// <summary>The batches of one epoch in their order, which follows from the seed, the epoch and the bad images alone.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="first">The batch to start with; those before it are not loaded. As many as there are: nothing comes.</param>
    /// <param name="stop">Ends the wait for a batch by an <see cref="OperationCanceledException"/>.</param>
    IEnumerable<Batch> Epoch(int epoch, int first = 0, CancellationToken stop = default);
}
