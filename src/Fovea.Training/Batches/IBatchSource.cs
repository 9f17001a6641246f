namespace Fovea.Training.Batches;

/// <summary>The batches of a data set, epoch by epoch.</summary>
public interface IBatchSource
{
    /// <summary>The images of an epoch, without those that a last batch that is not full would leave out.</summary>
    int Samples { get; }

    /// <summary>The images of every batch but perhaps the last.</summary>
    int BatchSize { get; }

    /// <summary>The batches of an epoch.</summary>
    int Batches { get; }

    /// <summary>The batches of one epoch in their order, which follows from the seed and the epoch alone.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="first">The batch to start with; those before it are not loaded. Equal to <see cref="Batches"/>: nothing comes.</param>
    IEnumerable<Batch> Epoch(int epoch, int first = 0);
}
