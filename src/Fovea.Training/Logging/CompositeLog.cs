using Fovea.Formats;

namespace Fovea.Training.Logging;

/// <summary>Tells several logs the same, in order. One that cannot be written does not hold up the run: the others are told so, once, and go on.</summary>
public sealed class CompositeLog : ITrainingLog
{
    private readonly IReadOnlyList<ITrainingLog> _logs;
    private readonly Action<string>? _lost;
    private readonly bool[] _isLost;

    /// <summary>Joins logs.</summary>
    public CompositeLog(params IReadOnlyList<ITrainingLog> logs)
        : this(lost: null, logs)
    {
    }

    /// <summary>Joins logs, and tells somebody besides of one that cannot be written.</summary>
    /// <param name="lost">Told once for each such log; null for nobody.</param>
    /// <param name="logs">The logs.</param>
    public CompositeLog(Action<string>? lost, params IReadOnlyList<ITrainingLog> logs) => (_lost, _logs, _isLost) = (lost, logs, new bool[logs.Count]);

    /// <inheritdoc/>
    public void Step(in StepReport report)
    {
        for (var i = 0; i < _logs.Count; i++)
        {
            try
            {
                _logs[i].Step(report);
            }
            catch (Exception e) when (IsLoss(e))
            {
                Lost(i, e);
            }
        }
    }

    /// <inheritdoc/>
    public void Begin(RunOverview run) => Each(log => log.Begin(run));

    /// <inheritdoc/>
    public void Batch(in BatchReport report)
    {
        var batch = report;
        Each(log => log.Batch(batch));
    }

    /// <inheritdoc/>
    public void EvaluationBatch(in EvaluationBatchReport report)
    {
        var batch = report;
        Each(log => log.EvaluationBatch(batch));
    }

    /// <inheritdoc/>
    public void End(bool isFinished) => Each(log => log.End(isFinished));

    /// <inheritdoc/>
    public void Epoch(EpochReport report) => Each(log => log.Epoch(report));

    /// <inheritdoc/>
    public void Message(string text) => Each(log => log.Message(text));

    /// <inheritdoc/>
    public void Warning(string text) => Each(log => log.Warning(text));

    /// <inheritdoc/>
    public void Advice(Advice advice) => Each(log => log.Advice(advice));

    private static bool IsLoss(Exception e) => WriteFailure.Is(e) || e is ObjectDisposedException;

    private static string Reason(Exception e) =>
        WriteFailure.IsTooLarge(e) ? "the file is larger than this process may write (ulimit -f)" : e.Message.TrimEnd('.');

    private void Each(Action<ITrainingLog> tell)
    {
        for (var i = 0; i < _logs.Count; i++)
        {
            try
            {
                tell(_logs[i]);
            }
            catch (Exception e) when (IsLoss(e))
            {
                Lost(i, e);
            }
        }
    }

    private void Lost(int number, Exception e)
    {
        if (_isLost[number]) return;
        _isLost[number] = true;
        var text = $"a log cannot be written: {Reason(e)}; the run goes on, what cannot be written is missing there";
        _lost?.Invoke(text);
        Each(log => log.Warning(text));
    }
}
