using System.Diagnostics;
using System.Globalization;
using Fovea.Cli.Output;
using Fovea.Training.Logging;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>Tells people the course of a run: a progress line at the foot of a terminal, otherwise a line now and then.</summary>
internal sealed class TrainLog(Report report, TrainRecipe recipe) : ITrainingLog
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(0.2);

    private LiveView? _view;
    private string _numbers = "";
    private string _eta = "";
    private long _shown;

    /// <summary>The last epoch that was finished; null before the first.</summary>
    internal EpochReport? LastEpoch { get; private set; }

    /// <summary>Does work whose course is told here.</summary>
    internal T Show<T>(Func<ITrainingLog, T> work) => LiveLines.Run(report, view =>
    {
        _view = view;
        try
        {
            return work(this);
        }
        finally
        {
            _view = null;
        }
    });

    /// <summary>Moves the bar between reports.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="batches">The batches of it so far.</param>
    /// <param name="all">How many it has.</param>
    internal void Taken(int epoch, int batches, int all)
    {
        if (_view is null || (Stopwatch.GetElapsedTime(_shown) < s_refresh && batches < all)) return;
        _shown = Stopwatch.GetTimestamp();
        var place = string.Create(CultureInfo.InvariantCulture, $"epoch {epoch + 1}/{recipe.Train.Epochs}  batch {batches}/{all}");
        _view.Show($"{LiveView.Bar((double)batches / all)} {place}{_eta}", _numbers);
    }

    public void Step(in StepReport step)
    {
        var norm = step.GradientNorm is { } n ? string.Create(CultureInfo.InvariantCulture, $"  norm {n:G4}") : "";
        _numbers = string.Create(
            CultureInfo.InvariantCulture,
            $"step {step.Step}  loss {step.MeanLoss:F4}  lr {step.LearningRate:G4}  top1 {step.Top1:F4}{norm}  batch {Milliseconds(step.BatchSeconds)}  "
            + $"reader {Milliseconds(step.ReaderSeconds)}  {step.ImagesPerSecond:F0} images/s");
        _eta = $"  eta {Duration(step.Remaining)}";
        if (_view is not null) Taken(step.Epoch - 1, step.Batch, step.Batches);
        else report.Log(string.Create(CultureInfo.InvariantCulture, $"epoch {step.Epoch}/{step.Epochs}  batch {step.Batch}/{step.Batches}  {_numbers}{_eta}"));
    }

    public void Epoch(EpochReport epoch)
    {
        LastEpoch = epoch;
        Line(string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch}/{epoch.Epochs} done  train loss {epoch.TrainLoss:F4} top1 {epoch.TrainTop1:F4}{Validation(epoch)}  "
            + $"{Duration(TimeSpan.FromSeconds(epoch.Seconds))}"));
    }

    public void Message(string text) => Line(text);

    public void Warning(string text)
    {
        if (_view is null) report.Warning(text);
        else _view.Log($"warning: {text}");
    }

    private static string Validation(EpochReport epoch)
    {
        if (epoch.Validation is not { } metrics) return "";
        var top5 = metrics.Top5 is { } share ? string.Create(CultureInfo.InvariantCulture, $" top5 {share:F4}") : "";
        var best = epoch.IsBest ? "  (best)" : string.Create(CultureInfo.InvariantCulture, $"  (best {epoch.BestTop1:F4} in epoch {epoch.BestEpoch})");
        return string.Create(CultureInfo.InvariantCulture, $"  val loss {metrics.Loss:F4} top1 {metrics.Top1:F4}{top5} macro {metrics.Macro:F4}{best}");
    }

    private void Line(string text)
    {
        if (_view is null) report.Log(text);
        else _view.Log(text);
    }

    private static string Milliseconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{1000 * seconds:F1} ms");

    private static string Duration(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}");
}
