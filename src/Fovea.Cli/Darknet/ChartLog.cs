using System.Text.Json;
using Fovea.Cli.Pictures;
using Fovea.Data.Sources;
using Fovea.Formats;
using Fovea.Training.Logging;

namespace Fovea.Cli.Darknet;

/// <summary>Draws the chart of a training of Darknet, loss and top-k by updates, after each evaluation and at the end.</summary>
/// <param name="path">The PNG.</param>
/// <param name="name">What the run is called.</param>
/// <param name="topK">The k of top-k.</param>
/// <param name="mostLoss">Where the axis of the loss ends.</param>
/// <param name="warn">Told where it cannot be drawn.</param>
internal sealed class ChartLog(string path, string name, int topK, double mostLoss, Action<string> warn) : ITrainingLog
{
    private const int MostPoints = 4000;
    private const int MostBytes = 1 << 30;
    private const double Smoothing = 0.9;

    private readonly List<(long Step, double Loss)> _losses = [];
    private readonly List<(long Step, double Share)> _shares = [];
    private (int Images, int Hits) _evaluated;
    private (double Sum, int Images) _update;
    private double _smoothed = double.NaN;
    private int _every = 1;

    /// <summary>Takes in what an earlier part of the run has told in its <c>log.jsonl</c>.</summary>
    internal void Recall(string log)
    {
        if (!File.Exists(log)) return;
        foreach (var line in TextFile.Lines(log, MostBytes))
        {
            using var told = JsonDocument.Parse(line);
            var (row, kind) = (told.RootElement, told.RootElement.GetProperty("kind").GetString());
            if (kind == "step" && Number(row, "loss") is { } loss) Add(row.GetProperty("step").GetInt64(), loss);
            if (kind == "epoch" && Number(row, topK == 1 ? "top1" : "top5") is { } share && topK is 1 or 5) _shares.Add((row.GetProperty("step").GetInt64(), share));
        }
    }

    public void Batch(in BatchReport report)
    {
        _update = (_update.Sum + (report.Loss * report.Images), _update.Images + report.Images);
        if (!report.IsUpdate) return;
        Add(report.Step, _update.Sum / _update.Images);
        _update = default;
    }

    public void EvaluationBatch(in EvaluationBatchReport report) =>
        _evaluated = (_evaluated.Images + report.Images, _evaluated.Hits + report.Hits(topK));

    public void Epoch(EpochReport report)
    {
        if (_evaluated.Images == 0) return;
        _shares.Add((report.Step, (double)_evaluated.Hits / _evaluated.Images));
        _evaluated = default;
        Draw();
    }

    public void End(bool isFinished) => Draw();

    public void Step(in StepReport report)
    {
    }

    public void Message(string text)
    {
    }

    public void Warning(string text)
    {
    }

    private static double? Number(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>Takes a loss into the smoothed one, of which a long run keeps every second point, again and again.</summary>
    private void Add(long step, double loss)
    {
        if (!double.IsFinite(loss)) return;
        _smoothed = double.IsFinite(_smoothed) ? (Smoothing * _smoothed) + ((1 - Smoothing) * loss) : loss;
        if (step % _every != 0) return;
        _losses.Add((step, _smoothed));
        if (_losses.Count < MostPoints) return;
        _every *= 2;
        _losses.RemoveAll(point => point.Step % _every != 0);
    }

    private void Draw()
    {
        try
        {
            OutputFolder.Create(Path.GetDirectoryName(Path.GetFullPath(path))!);
            AtomicFile.Write(path, stream => stream.Write(ChartPlot.Draw(_losses, _shares, topK, mostLoss, name)));
        }
        catch (Exception e) when (e is IOException or TypeInitializationException or DllNotFoundException)
        {
            warn($"the chart was not drawn: {e.Message}");
        }
    }
}
