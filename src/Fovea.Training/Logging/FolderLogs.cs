using Fovea.Training.Checkpoints;
using Fovea.Training.State;

namespace Fovea.Training.Logging;

/// <summary>The logs that a run's folder keeps: <c>log.jsonl</c>, <c>metrics.csv</c> and TensorBoard's event file.</summary>
/// <remarks>What a resumed run will do again is taken out of them first.</remarks>
public sealed class FolderLogs : ITrainingLog, IDisposable
{
    private readonly JsonLinesLog _lines;
    private readonly CsvLog _table;
    private readonly TensorBoardLog _curves;
    private readonly CompositeLog _all;

    /// <summary>Opens the logs of a run that stands at <paramref name="state"/>.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="state">Where the run stands.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lost">Told, once for each, of a log that cannot be written any more; null for nobody.</param>
    /// <exception cref="IOException">A log cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">A log may not be opened.</exception>
    public FolderLogs(RunFolder folder, RunState state, TimeProvider time, Action<string>? lost = null)
    {
        try
        {
            _lines = new(folder.LogPath, state, time);
            _table = new(folder.MetricsPath, state);
            _curves = new(folder.Path, state.Step, time);
        }
        catch
        {
            Dispose();
            throw;
        }

        _all = new(lost, _lines, _table, _curves);
    }

    /// <inheritdoc/>
    public void Step(in StepReport report) => _all.Step(report);

    /// <inheritdoc/>
    public void Epoch(EpochReport report) => _all.Epoch(report);

    /// <inheritdoc/>
    public void Message(string text) => _all.Message(text);

    /// <inheritdoc/>
    public void Warning(string text) => _all.Warning(text);

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines?.Dispose();
        _table?.Dispose();
        _curves?.Dispose();
    }
}
