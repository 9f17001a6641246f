using System.Globalization;

namespace Fovea.Training.Logging;

/// <summary>Tells the course of a run in lines of text: <c>new TextLog(Console.WriteLine)</c>.</summary>
/// <param name="line">Takes a line.</param>
public sealed class TextLog(Action<string> line) : ITrainingLog
{
    /// <inheritdoc/>
    public void Step(in StepReport report) => line(Text(report));

    /// <inheritdoc/>
    public void Epoch(EpochReport report) => line(Text(report));

    /// <inheritdoc/>
    public void Message(string text) => line(text);

    /// <inheritdoc/>
    public void Warning(string text) => line($"warning: {text}");

    /// <summary>Where a run stands, with its numbers and the time that is left.</summary>
    /// <param name="step">The report.</param>
    public static string Text(in StepReport step) => string.Create(
        CultureInfo.InvariantCulture, $"epoch {step.Epoch}/{step.Epochs}  batch {step.Batch}/{step.Batches}  {Numbers(step)}  eta {Duration(step.Remaining)}");

    /// <summary>The numbers of a report alone.</summary>
    /// <param name="step">The report.</param>
    public static string Numbers(in StepReport step)
    {
        var norm = step.GradientNorm is { } n ? string.Create(CultureInfo.InvariantCulture, $"  norm {n:G4}") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"step {step.Step}  loss {step.MeanLoss:F4}  lr {step.LearningRate:G4}  top1 {step.Top1:F4}{norm}  batch {Milliseconds(step.BatchSeconds)}  "
            + $"reader {Milliseconds(step.ReaderSeconds)}  {step.ImagesPerSecond:F0} images/s");
    }

    /// <summary>The result of an epoch.</summary>
    /// <param name="epoch">The report.</param>
    public static string Text(EpochReport epoch) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {epoch.Epoch}/{epoch.Epochs} done  train loss {epoch.TrainLoss:F4} top1 {epoch.TrainTop1:F4}{Validation(epoch)}  "
        + $"{Duration(TimeSpan.FromSeconds(epoch.Seconds))}");

    /// <summary>A length of time: <c>1:02:03</c>, hours first.</summary>
    /// <param name="time">The time.</param>
    public static string Duration(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}");

    private static string Validation(EpochReport epoch)
    {
        if (epoch.Validation is not { } metrics) return "";
        var top5 = metrics.Top5 is { } share ? string.Create(CultureInfo.InvariantCulture, $" top5 {share:F4}") : "";
        var best = epoch.IsBest ? "  (best)" : string.Create(CultureInfo.InvariantCulture, $"  (best {epoch.BestTop1:F4} in epoch {epoch.BestEpoch})");
        return string.Create(CultureInfo.InvariantCulture, $"  val loss {metrics.Loss:F4} top1 {metrics.Top1:F4}{top5} macro {metrics.Macro:F4}{best}");
    }

    private static string Milliseconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{1000 * seconds:F1} ms");
}
