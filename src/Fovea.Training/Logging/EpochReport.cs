using Fovea.Training.Metrics;

namespace Fovea.Training.Logging;

/// <summary>The result of an epoch.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Epochs">How many there will be.</param>
/// <param name="Step">The updates since the run began.</param>
/// <param name="LearningRate">The rate of the last update.</param>
/// <param name="TrainLoss">The mean loss over its images, each by the weights of its step.</param>
/// <param name="TrainTop1">The share of images recognised, likewise, 0–1.</param>
/// <param name="Seconds">The time of the run so far, over all resumptions.</param>
/// <param name="Validation">The evaluation after it; null when there was none.</param>
/// <param name="IsBest">Whether that was the best so far.</param>
/// <param name="BestTop1">The best top-1 share so far, 0–1; −1 when nothing was evaluated.</param>
/// <param name="BestEpoch">The epoch, from 1, after which it was reached; 0 when nothing was evaluated.</param>
public sealed record EpochReport(
    int Epoch,
    int Epochs,
    long Step,
    double LearningRate,
    double TrainLoss,
    double TrainTop1,
    double Seconds,
    EvaluationMetrics? Validation,
    bool IsBest,
    double BestTop1,
    int BestEpoch)
{
    /// <summary>The time of its evaluation, in seconds; 0 where there was none.</summary>
    public double EvaluationSeconds { get; init; }
}
