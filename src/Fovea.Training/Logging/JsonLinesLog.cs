using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fovea.Training.Metrics;
using Fovea.Training.State;

namespace Fovea.Training.Logging;

/// <summary>
/// A file of JSON objects, one a line: <c>{"kind": "step" | "epoch" | "message" | "warning", "time": …, "step": …, …}</c>. Numbers that are
/// not finite are null.
/// </summary>
public sealed class JsonLinesLog : ITrainingLog, IDisposable
{
    private readonly LineFile _file;
    private readonly TimeProvider _time;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;
    private long _step;

    /// <summary>Opens the file; what is told there of steps and epochs that a resumed run will take again goes.</summary>
    /// <param name="path">The file; created when it is not there.</param>
    /// <param name="state">Where the run stands.</param>
    /// <param name="time">The clock.</param>
    public JsonLinesLog(string path, RunState state, TimeProvider time)
    {
        _file = new LineFile(path, line => IsBefore(line, state));
        _time = time;
        _json = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _step = state.Step;
    }

    /// <inheritdoc/>
    public void Step(in StepReport report)
    {
        Begin("step", report.Step);
        _json.WriteNumber("epoch", report.Epoch);
        _json.WriteNumber("batch", report.Batch);
        Number("loss", report.Loss);
        Number("mean_loss", report.MeanLoss);
        Number("top1", report.Top1);
        Number("learning_rate", report.LearningRate);
        if (report.GradientNorm is { } norm) Number("gradient_norm", norm);
        Number("batch_seconds", report.BatchSeconds);
        Number("reader_seconds", report.ReaderSeconds);
        Number("images_per_second", report.ImagesPerSecond);
        Number("remaining_seconds", report.Remaining.TotalSeconds);
        End();
    }

    /// <inheritdoc/>
    public void Epoch(EpochReport report)
    {
        Begin("epoch", report.Step);
        _json.WriteNumber("epoch", report.Epoch);
        Number("learning_rate", report.LearningRate);
        Number("train_loss", report.TrainLoss);
        Number("train_top1", report.TrainTop1);
        Number("seconds", report.Seconds);
        if (report.Validation is { } validation) Write(validation);
        _json.WriteBoolean("is_best", report.IsBest);
        if (report.BestEpoch > 0)
        {
            Number("best_top1", report.BestTop1);
            _json.WriteNumber("best_epoch", report.BestEpoch);
        }

        End();
    }

    /// <inheritdoc/>
    public void Message(string text) => Text("message", text);

    /// <inheritdoc/>
    public void Warning(string text) => Text("warning", text);

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }

    private void Write(EvaluationMetrics metrics)
    {
        Number("val_loss", metrics.Loss);
        Number("val_top1", metrics.Top1);
        if (metrics.Top5 is { } top5) Number("val_top5", top5);
        Number("val_macro", metrics.Macro);
        Number("val_micro", metrics.Micro);
        _json.WriteNumber("val_samples", metrics.Samples);
    }

    private void Text(string kind, string text)
    {
        Begin(kind, _step);
        _json.WriteString("text", text);
        End();
    }

    private void Begin(string kind, long step)
    {
        _step = step;
        _line.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("kind", kind);
        _json.WriteString("time", _time.GetUtcNow());
        _json.WriteNumber("step", step);
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _file.Append(_line.WrittenSpan);
    }

    private void Number(string name, double number)
    {
        if (double.IsFinite(number)) _json.WriteNumber(name, number);
        else _json.WriteNull(name);
    }

    /// <summary>Whether a line tells of what is over; one that cannot be read does not.</summary>
    private static bool IsBefore(string line, RunState state)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            return json.GetProperty("step").GetInt64() <= state.Step
                && (json.GetProperty("kind").GetString() != "epoch" || json.GetProperty("epoch").GetInt32() <= state.Epoch);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
