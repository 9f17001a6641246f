namespace Fovea.Training.Logging;

/// <summary>The course of a run, now and then.</summary>
/// <param name="Epoch">The present epoch, from 1.</param>
/// <param name="Epochs">How many there will be.</param>
/// <param name="Batch">The batches of the epoch so far.</param>
/// <param name="Batches">How many it has.</param>
/// <param name="Step">The updates since the run began.</param>
/// <param name="Loss">The loss of the last batch.</param>
/// <param name="MeanLoss">The mean loss of the epoch so far.</param>
/// <param name="Top1">The share of images recognised in the epoch so far, 0–1.</param>
/// <param name="LearningRate">The rate of the last update.</param>
/// <param name="GradientNorm">The norm of the last gradient before clipping; null when it is not computed.</param>
/// <param name="BatchSeconds">The mean time of a batch since the last report, reading included.</param>
/// <param name="ReaderSeconds">How much of it was spent waiting for images.</param>
/// <param name="ImagesPerSecond">Images over time since the last report.</param>
/// <param name="Remaining">The time to the end of the run at the present pace, evaluations included.</param>
public readonly record struct StepReport(
    int Epoch,
    int Epochs,
    int Batch,
    int Batches,
    long Step,
    double Loss,
    double MeanLoss,
    double Top1,
    double LearningRate,
    double? GradientNorm,
    double BatchSeconds,
    double ReaderSeconds,
    double ImagesPerSecond,
    TimeSpan Remaining);
