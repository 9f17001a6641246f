using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fovea.Json;
using Fovea.Training.State;

namespace Fovea.Training.Logging;

/// <summary>
/// A file of JSON objects, one a line: <c>{"kind": "step" | "epoch" | "message" | "warning", "time": …, "step": …, …}</c>. Numbers that are
/// not finite are null.
/// </summary>
public sealed class JsonLinesLog : ITrainingLog, IDisposable
{
    private static readonly LogJson s_plain = new(new JsonSerializerOptions(LogJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>How a line of a step begins.</summary>
    private const string StepStart = "{\"kind\":\"step\"";

    /// <summary>Several hundred thousand reports.</summary>
    private const int MostBytes = 64 << 20;

    private readonly LineFile _file;
    private readonly TimeProvider _time;
    private long _step;

    /// <summary>Opens the file; what is told there of steps and epochs that a resumed run will take again goes.</summary>
    /// <param name="path">The file; created when it is not there.</param>
    /// <param name="state">Where the run stands.</param>
    /// <param name="time">The clock.</param>
    public JsonLinesLog(string path, RunState state, TimeProvider time)
    {
        _file = new LineFile(path, line => IsBefore(line, state));
        _time = time;
        _step = state.Step;
    }

    /// <summary>Reads the times of batches.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The mean time of a batch between two reports, waiting included, in seconds, of each report whose line is whole.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<double> BatchSeconds(string path) =>
        [.. LineFile.Lines(path, MostBytes).Where(line => line.StartsWith(StepStart, StringComparison.Ordinal)).Select(SecondsOf).OfType<double>()];

    /// <inheritdoc/>
    public void Step(in StepReport report)
    {
        _step = report.Step;
        Append(
            new(
                "step", _time.GetUtcNow(), report.Step, report.Epoch, report.Batch, report.Loss, report.MeanLoss, report.Top1, report.LearningRate,
                report.GradientNorm, report.BatchSeconds, report.ReaderSeconds, report.ImagesPerSecond, report.Remaining.TotalSeconds),
            s_plain.StepLine);
    }

    /// <inheritdoc/>
    public void Epoch(EpochReport report)
    {
        _step = report.Step;
        var (validation, hasBest) = (report.Validation, report.BestEpoch > 0);
        Append(
            new(
                "epoch", _time.GetUtcNow(), report.Step, report.Epoch, report.LearningRate, report.TrainLoss, report.TrainTop1, report.Seconds,
                validation?.Loss, validation?.Top1, validation?.Top5, validation?.Macro, validation?.Micro, validation?.Samples,
                report.IsBest, hasBest ? report.BestTop1 : null, hasBest ? report.BestEpoch : null),
            s_plain.EpochLine);
    }

    /// <inheritdoc/>
    public void Message(string text) => Append(new("message", _time.GetUtcNow(), _step, text), s_plain.TextLine);

    /// <inheritdoc/>
    public void Warning(string text) => Append(new("warning", _time.GetUtcNow(), _step, text), s_plain.TextLine);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Append<T>(T line, JsonTypeInfo<T> type) => _file.Append(JsonSerializer.SerializeToUtf8Bytes(line, type));

    private static double? SecondsOf(string line)
    {
        try
        {
            return JsonText.Read(line, "a line", LogJson.Default.StepTime).BatchSeconds;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether a line tells of what is over; one that cannot be read does not.</summary>
    private static bool IsBefore(string line, RunState state)
    {
        try
        {
            var start = JsonText.Read(line, "a line", LogJson.Default.LineStart);
            return start.Step <= state.Step && (start.Kind != "epoch" || start.Epoch <= state.Epoch);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
