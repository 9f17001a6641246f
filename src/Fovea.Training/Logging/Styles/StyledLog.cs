using Fovea.Naming;

namespace Fovea.Training.Logging.Styles;

/// <summary>
/// Tells the course of a run, or an evaluation, in the lines of another system, and keeps its files in the run's folder. Not beside a
/// <see cref="FolderLogs"/>' place: those stay as they are.
/// </summary>
/// <param name="style">The style.</param>
/// <param name="line">Takes what is printed: a line, or several with <c>\n</c> between them; tabs are as they are.</param>
/// <param name="time">The clock.</param>
public sealed class StyledLog(LogStyle style, Action<string> line, TimeProvider time) : ITrainingLog, IDisposable
{
    private const string Info = "INFO";
    private const string Warn = "WARNING";

    private readonly List<string> _early = [];
    private TrainingMeters? _meters;
    private StyleFiles? _files;
    private string _model = "fovea";
    private (int Epoch, double Top1) _best;
    private int _trained;

    /// <inheritdoc/>
    public void Begin(RunOverview run)
    {
        var place = run.Folder;
        run = run with { TopK = style.TopOf(run.Classes), Model = Printable.Of(run.Model), Data = Printable.Of(run.Data), Folder = place is null ? null : Printable.Of(place) };
        (_meters, _model, _best) = (new(run), run.Model, (run.BestEpoch, run.BestTop1));
        _trained = run.Epoch;
        var (now, lines) = (time.GetLocalNow(), style.Begin(run).ToList());
        foreach (var text in lines) Print(text, now);
        if (place is null) return;
        _files?.Dispose();
        _files = new(style, run, place);
        foreach (var early in _early) _files.Line(early);
        _early.Clear();
        foreach (var text in lines) Keep(text, now, Info);
    }

    /// <inheritdoc/>
    public void Batch(in BatchReport report)
    {
        var meters = Meters;
        meters.Add(report);
        var isDue = style.IsDue(report, meters.Run.Recipe.Train.LogEvery);
        try
        {
            if (isDue) Tell(style.Batch(meters));
        }
        finally
        {
            meters.Told(isDue);
        }
    }

    /// <inheritdoc/>
    public void EvaluationBatch(in EvaluationBatchReport report)
    {
        var meters = Meters;
        meters.Evaluation.Add(report);
        EndTraining();
        Tell(style.EvaluationBatch(meters.Evaluation, meters.Last.Epoch, meters.Run.TopK, meters.Run.Recipe.Train.LogEvery));
    }

    /// <inheritdoc/>
    public void Epoch(EpochReport report)
    {
        var meters = Meters;
        if (report.IsBest) _best = (report.Epoch, report.BestTop1);
        try
        {
            if (meters.Last.Epoch == report.Epoch) EndTraining();
            Tell(style.Epoch(report, meters));
            _files?.Row(report, meters);
        }
        finally
        {
            meters.EndEpoch(report);
        }
    }

    /// <inheritdoc/>
    public void End(bool isFinished)
    {
        if (isFinished) Tell(style.End(Meters, _best));
    }

    /// <inheritdoc/>
    public void Step(in StepReport report)
    {
    }

    /// <inheritdoc/>
    public void Message(string text) => Tell([new(Printable.Lines(text), style.OwnPlace)]);

    /// <summary>A warning; it is kept in the style's file, and printed nowhere: standard error is its place.</summary>
    public void Warning(string text) => Keep(new(Printable.Lines(text), style.OwnPlace), time.GetLocalNow(), Warn);

    /// <summary>The head of an evaluation by itself.</summary>
    /// <param name="evaluation">What is known of it.</param>
    /// <returns>What is told of it from here on.</returns>
    public StyledEvaluation Evaluate(EvaluationOverview evaluation)
    {
        _model = Printable.Of(evaluation.Model);
        return new(style, evaluation with { Model = _model, TopK = style.TopOf(evaluation.Classes) }, text => Print(text, time.GetLocalNow()));
    }

    /// <inheritdoc/>
    public void Dispose() => _files?.Dispose();

    private TrainingMeters Meters => _meters ?? throw new InvalidOperationException("the run has not begun yet");

    /// <summary>What ends the training of an epoch is told once, before what comes after.</summary>
    private void EndTraining()
    {
        if (_trained >= Meters.Last.Epoch) return;
        _trained = Meters.Last.Epoch;
        Tell(style.Trained(Meters));
    }

    private void Tell(IEnumerable<StyleLine> lines)
    {
        var (now, all) = (time.GetLocalNow(), lines.ToList());
        // A file that cannot be written keeps no line from the console.
        foreach (var text in all) Print(text, now);
        foreach (var text in all) Keep(text, now, Info);
    }

    private void Print(StyleLine text, DateTimeOffset now) =>
        line(text.IsBare ? text.Text : style.Prefix(_model, now, Info, text.Place) + text.Text);

    private void Keep(StyleLine text, DateTimeOffset now, string level)
    {
        if (text.IsBare || style.LogFile is null) return;
        var kept = style.FilePrefix(_model, now, level, text.Place) + text.Text;
        if (_files is not null) _files.Line(kept);
        else if (_meters is null) _early.Add(kept);
    }
}
