namespace Fovea.Training.Logging;

/// <summary>One batch of an evaluation, when it is done.</summary>
/// <param name="Batch">The batches so far, this one among them.</param>
/// <param name="Batches">How many there are.</param>
/// <param name="Loss">The mean cross-entropy of its images, in nats.</param>
/// <param name="Ranks">Of each image, how many classes its logits put before the right one; 0 for one that is recognised.</param>
/// <param name="Seconds">The time that it took, waiting for its images included.</param>
/// <param name="ReaderSeconds">How much of that was spent waiting for them.</param>
public readonly record struct EvaluationBatchReport(
    int Batch, int Batches, double Loss, IReadOnlyList<int> Ranks, double Seconds, double ReaderSeconds)
{
    /// <summary>The images of this batch.</summary>
    public int Images => Ranks.Count;

    /// <summary>Of how many images the right class is among the <paramref name="k"/> largest logits.</summary>
    public int Hits(int k) => Ranks.Count(rank => rank < k);
}
