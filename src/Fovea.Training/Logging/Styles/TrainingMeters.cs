namespace Fovea.Training.Logging.Styles;

/// <summary>The numbers of a run that the lines of other systems want besides those of its reports, each counted here once.</summary>
/// <param name="run">The run.</param>
internal sealed class TrainingMeters(RunOverview run)
{
    /// <summary>The share of the old value in a smoothed loss.</summary>
    private const double Smoothing = 0.9;

    /// <summary>The batches of an epoch that warm up.</summary>
    private const int WarmupBatches = 10;

    /// <summary>The run.</summary>
    internal RunOverview Run { get; } = run;

    /// <summary>The last batch.</summary>
    internal BatchReport Last { get; private set; }

    /// <summary>The times of the epoch, since this process has been at it.</summary>
    internal TimeMeter Epoch { get; } = new();

    /// <summary>The same, without the first ten batches once there are more.</summary>
    internal TimeMeter Warmed { get; } = new();

    /// <summary>The times since the last line.</summary>
    internal TimeMeter SinceLine { get; } = new();

    /// <summary>The times since the last update.</summary>
    internal TimeMeter Update { get; } = new();

    /// <summary>The losses since the last update.</summary>
    internal MeanMeter UpdateLoss { get; } = new();

    /// <summary>The losses of the epoch, since this process has been at it.</summary>
    internal MeanMeter Loss { get; } = new();

    /// <summary>The shares of images whose class is among the five likeliest, of the epoch, since this process has been at it.</summary>
    internal MeanMeter OfFive { get; } = new();

    /// <summary>The norms of gradients of the epoch.</summary>
    internal MeanMeter Norm { get; } = new();

    /// <summary>The loss of updates, of which each is a tenth of it; not a number before the first.</summary>
    internal double SmoothedLoss { get; private set; } = double.NaN;

    /// <summary>The time of this process in training and evaluation of epochs, in seconds.</summary>
    internal double Seconds { get; private set; }

    /// <summary>The evaluation after the epoch.</summary>
    internal EvaluationMeters Evaluation { get; } = new(run.TopK);

    internal void Add(in BatchReport batch)
    {
        if (Last.Epoch != batch.Epoch) BeginEpoch();
        Last = batch;
        if (Epoch.Count == WarmupBatches) Warmed.Reset();
        foreach (var meter in new[] { Epoch, Warmed, SinceLine, Update }) meter.Add(batch.Images, batch.Seconds, batch.ReaderSeconds);
        Loss.Add(batch.Loss, batch.Images);
        UpdateLoss.Add(batch.Loss, batch.Images);
        OfFive.Add((double)batch.HitsOfFive / batch.Images, batch.Images);
        if (batch.GradientNorm is { } norm) Norm.Add(norm);
        Seconds += batch.Seconds;
        if (batch.IsUpdate) SmoothedLoss = double.IsFinite(SmoothedLoss) ? (Smoothing * SmoothedLoss) + ((1 - Smoothing) * UpdateLoss.Mean) : UpdateLoss.Mean;
    }

    /// <summary>The lines of the batch are out.</summary>
    internal void Told(bool isDue)
    {
        if (isDue) SinceLine.Reset();
        if (!Last.IsUpdate) return;
        Update.Reset();
        UpdateLoss.Reset();
    }

    /// <summary>The lines of the epoch are out.</summary>
    internal void EndEpoch(EpochReport report)
    {
        Seconds += report.EvaluationSeconds;
        Evaluation.Reset();
    }

    private void BeginEpoch()
    {
        foreach (var meter in new[] { Epoch, Warmed, SinceLine }) meter.Reset();
        foreach (var meter in new[] { Loss, OfFive, Norm }) meter.Reset();
    }
}
