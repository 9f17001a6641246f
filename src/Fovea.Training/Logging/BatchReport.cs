namespace Fovea.Training.Logging;

/// <summary>One batch of training, when it is done.</summary>
/// <param name="Epoch">The present epoch, from 1.</param>
/// <param name="Epochs">How many there will be.</param>
/// <param name="Batch">The batches of the epoch so far, this one among them.</param>
/// <param name="Batches">How many it has.</param>
/// <param name="Step">The updates since the run began.</param>
/// <param name="Images">The images of this batch.</param>
/// <param name="Loss">Their mean loss.</param>
/// <param name="Hits">How many of them were recognised.</param>
/// <param name="HitsOfFive">Of how many the right class is among the five largest logits.</param>
/// <param name="MeanLoss">The mean loss of the epoch so far.</param>
/// <param name="Top1">The share of images recognised in the epoch so far, 0–1.</param>
/// <param name="LearningRate">The rate of the update that it belongs to.</param>
/// <param name="GradientNorm">The norm of the gradient before clipping; null when it is not computed, or nothing was updated.</param>
/// <param name="Seconds">The time that it took, waiting for its images included.</param>
/// <param name="ReaderSeconds">How much of that was spent waiting for them.</param>
/// <param name="ImagesSeen">The images since the run began, over all resumptions; each epoch counts as long as all others.</param>
/// <param name="Remaining">The time to the end of the run at the present pace, evaluations included.</param>
public readonly record struct BatchReport(
    int Epoch,
    int Epochs,
    int Batch,
    int Batches,
    long Step,
    int Images,
    double Loss,
    int Hits,
    int HitsOfFive,
    double MeanLoss,
    double Top1,
    double LearningRate,
    double? GradientNorm,
    double Seconds,
    double ReaderSeconds,
    long ImagesSeen,
    TimeSpan Remaining)
{
    /// <summary>Whether it made an update; of batches that are accumulated only the last does. Default true.</summary>
    public bool IsUpdate { get; init; } = true;
}
