namespace Fovea.Training.Logging.Styles;

/// <summary>The numbers of an evaluation that is under way.</summary>
/// <param name="topK">The k of «top-k».</param>
internal sealed class EvaluationMeters(int topK)
{
    /// <summary>The batches that warm up.</summary>
    private const int WarmupBatches = 10;

    /// <summary>The last batch.</summary>
    internal EvaluationBatchReport Last { get; private set; }

    /// <summary>The times of its batches.</summary>
    internal TimeMeter All { get; } = new();

    /// <summary>The same, without the first ten once there are more.</summary>
    internal TimeMeter Warmed { get; } = new();

    /// <summary>The times since the last line.</summary>
    internal TimeMeter SinceLine { get; } = new();

    /// <summary>The losses.</summary>
    internal MeanMeter Loss { get; } = new();

    /// <summary>The shares of images that are recognised, 0–1.</summary>
    internal MeanMeter Top1 { get; } = new();

    /// <summary>The shares of images whose class is among the five likeliest, 0–1.</summary>
    internal MeanMeter Top5 { get; } = new();

    /// <summary>The shares of images whose class is among the k likeliest, 0–1.</summary>
    internal MeanMeter OfK { get; } = new();

    internal void Add(in EvaluationBatchReport batch)
    {
        Last = batch;
        if (All.Count == WarmupBatches) Warmed.Reset();
        foreach (var meter in new[] { All, Warmed, SinceLine }) meter.Add(batch.Images, batch.Seconds, batch.ReaderSeconds);
        Loss.Add(batch.Loss, batch.Images);
        Top1.Add((double)batch.Hits(1) / batch.Images, batch.Images);
        Top5.Add((double)batch.Hits(5) / batch.Images, batch.Images);
        OfK.Add((double)batch.Hits(topK) / batch.Images, batch.Images);
    }

    internal void Reset()
    {
        foreach (var meter in new[] { All, Warmed, SinceLine }) meter.Reset();
        foreach (var meter in new[] { Loss, Top1, Top5, OfK }) meter.Reset();
    }
}
