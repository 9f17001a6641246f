using System.Diagnostics;
using System.Globalization;
using Fovea.Cli.Output;
using Fovea.Sources;
using Fovea.Training.Logging;
using Fovea.Training.Logging.Styles;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>Tells people the course of a run: a progress line at the foot of a terminal, otherwise a line now and then.</summary>
/// <param name="report">Where it is told.</param>
/// <param name="recipe">The recipe.</param>
/// <param name="style">In whose lines; null for our own.</param>
internal sealed class TrainLog(Report report, TrainRecipe recipe, LogStyle? style = null) : ITrainingLog, IDisposable
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(0.2);

    private StyledLog? _styled;
    private LiveView? _view;
    private string _numbers = "";
    private string _eta = "";
    private long _shown;

    /// <summary>How models are read whose notes and downloads are told here.</summary>
    internal LoadOptions Load => new() { Note = Note, Downloading = at => _view?.Show(DownloadLine.Of(at)) };

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

    public void Begin(RunOverview run) => Styled?.Begin(run);

    public void Batch(in BatchReport report) => Styled?.Batch(report);

    public void EvaluationBatch(in EvaluationBatchReport report) => Styled?.EvaluationBatch(report);

    public void End(bool isFinished) => Styled?.End(isFinished);

    public void Step(in StepReport step)
    {
        (_numbers, _eta) = (TextLog.Numbers(step), $"  eta {TextLog.Duration(step.Remaining)}");
        if (_view is not null) Taken(step.Epoch - 1, step.Batch, step.Batches);
        else if (style is null) report.Log(TextLog.Text(step));
    }

    public void Epoch(EpochReport epoch)
    {
        if (Styled is { } styled) styled.Epoch(epoch);
        else Line(TextLog.Text(epoch));
    }

    public void Message(string text)
    {
        if (Styled is { } styled) styled.Message(text);
        else Line(text);
    }

    public void Warning(string text)
    {
        Styled?.Warning(text);
        if (_view is null) report.Warning(text);
        else _view.Log($"warning: {text}");
    }

    public void Dispose() => _styled?.Dispose();

    private StyledLog? Styled => style is null ? null : _styled ??= new(style, RawLine, TimeProvider.System);

    private void RawLine(string text)
    {
        if (_view is null || report.IsHushed) report.RawLog(text);
        else _view.RawLog(text);
    }

    private void Note(string text)
    {
        if (_view is null) report.Note(text);
        else _view.Log($"note: {text}");
    }

    private void Line(string text)
    {
        if (_view is null || report.IsHushed) report.Log(text);
        else _view.Log(text);
    }
}
