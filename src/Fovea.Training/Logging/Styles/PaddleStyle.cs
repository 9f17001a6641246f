using System.Globalization;
using Fovea.Training.Metrics;

namespace Fovea.Training.Logging.Styles;

/// <summary>PaddleClas: <c>tools/program.py</c>, <c>tools/train.py</c> and <c>ppcls/utils</c> of its release/2.0.</summary>
/// <remarks>The images per second are images over elapsed time at the end of an epoch, too, where PaddleClas takes every batch for as large as the last.</remarks>
public sealed record PaddleStyle : LogStyle
{
    private const string LinesFile = "log/workerlog.0";
    private const int Indent = 4;
    private const int RuleWidth = 60;

    /// <inheritdoc/>
    public override string Kind => "paddle";

    /// <inheritdoc/>
    public override IReadOnlyList<string> FilesOf(string model) => [LinesFile];

    internal override string? LogFile => LinesFile;

    internal override string Prefix(string run, DateTimeOffset time, string level, string place) =>
        string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd HH:mm:ss} {level}: ");

    internal override bool IsDue(in BatchReport batch, int every) => IsFirstOfEvery(batch.Batch, every);

    internal override IEnumerable<StyleLine> Begin(RunOverview run) => Lines(Settings(run), indent: 0).Select(line => new StyleLine(line));

    internal override IEnumerable<StyleLine> Batch(TrainingMeters at)
    {
        var last = at.Last;
        var shares = new RunSettings(at.Run).IsMixed
            ? ""
            : $"top1: {PythonText.Fixed((double)last.Hits / last.Images, 5)}, top5: {PythonText.Fixed((double)last.HitsOfFive / last.Images, 5)}, ";
        yield return new($"{Place(last.Epoch, "train", last.Batch)}, {shares}{Loss(last.Loss)} lr: {PythonText.Fixed(last.LearningRate, 6)}, {Costs(at.Warmed)}");
    }

    internal override IEnumerable<StyleLine> Trained(TrainingMeters at)
    {
        var shares = new RunSettings(at.Run).IsMixed
            ? ""
            : $"top1: {PythonText.Fixed(at.Last.Top1, 5)}, top5: {PythonText.Fixed(at.OfFive.Mean, 5)}, ";
        yield return new(FormattableString.Invariant($"END epoch:{at.Last.Epoch - 1,-3} train {shares}{Loss(at.Last.MeanLoss)}  {Sums(at.Warmed)}"));
    }

    internal override IEnumerable<StyleLine> EvaluationBatch(EvaluationMeters at, int epoch, int topK, int every)
    {
        var last = at.Last;
        if (!IsFirstOfEvery(last.Batch, every)) yield break;
        yield return new(
            $"{Place(epoch, "valid", last.Batch)}, top1: {PythonText.Fixed(at.Top1.Last, 5)}, top5: {PythonText.Fixed(at.Top5.Last, 5)}, {Loss(last.Loss)} "
            + $"lr: 0.000000, {Costs(at.Warmed)}");
    }

    internal override IEnumerable<StyleLine> Epoch(EpochReport report, TrainingMeters at)
    {
        if (report.Validation is { } found)
        {
            yield return End(report.Epoch, found, at.Evaluation);
            yield return new(FormattableString.Invariant($"The best top1 acc {PythonText.Fixed(report.BestTop1, 5)}, in epoch: {report.BestEpoch - 1}"));
        }

        if (at.Run.Checkpoint is { } path) yield return new($"Already save model in {path}");
    }

    internal override IEnumerable<StyleLine> EvaluationEnd(EvaluationMetrics metrics, EvaluationMeters at, EvaluationOverview evaluation) =>
        [End(epoch: 1, metrics, at)];

    private static StyleLine End(int epoch, EvaluationMetrics found, EvaluationMeters at) => new(
        FormattableString.Invariant($"END epoch:{epoch - 1,-3} valid top1: {PythonText.Fixed(found.Top1, 5)}, ")
        + $"top5: {PythonText.Fixed(found.Top5 ?? 1, 5)}, {Loss(found.Loss)}  {Sums(at.Warmed)}");

    private static string Place(int epoch, string mode, int batch) => FormattableString.Invariant($"epoch:{epoch - 1,-3}, {mode} step:{batch - 1,-4}");

    private static string Loss(double loss) => $"loss: {PythonText.Fixed(loss, 5).PadLeft(7)},";

    private static string Costs(TimeMeter times) =>
        $"batch_cost: {PythonText.Fixed(times.Mean, 5)} s, reader_cost: {PythonText.Fixed(times.MeanReader, 5)} s, {Speed(times)}";

    private static string Sums(TimeMeter times) =>
        $"batch_cost: {PythonText.Fixed(times.Mean, 5)} s, reader_cost: {PythonText.Fixed(times.MeanReader, 5)} s, "
        + $"batch_cost_sum: {PythonText.Fixed(times.Seconds, 5)} s, {Speed(times)}";

    private static string Speed(TimeMeter times) => $"ips: {PythonText.Fixed(times.ImagesPerSecond, 5)} images/sec.";

    /// <summary>Settings as PaddleClas prints them, with a rule after what is written in capitals.</summary>
    private static IEnumerable<string> Lines(ConfigTree settings, int indent)
    {
        foreach (var (key, value) in settings)
        {
            var start = new string(' ', indent) + key + " : ";
            yield return value is ConfigTree ? start : start + ConfigTree.Python(value);
            if (value is ConfigTree below)
                foreach (var line in Lines(below, indent + Indent)) yield return line;
            if (key.All(c => c is '_' || char.IsAsciiLetterUpper(c))) yield return new string('-', RuleWidth);
        }
    }

    private static ConfigTree Settings(RunOverview run)
    {
        var (settings, train) = (new RunSettings(run), run.Recipe.Train);
        return new()
        {
            ["ARCHITECTURE"] = new ConfigTree { ["name"] = run.Model },
            ["LEARNING_RATE"] = new ConfigTree
            {
                ["function"] = settings.Schedule, ["params"] = new ConfigTree { ["lr"] = run.LearningRate, ["warmup_epoch"] = settings.WarmupEpochs },
            },
            ["OPTIMIZER"] = new ConfigTree
            {
                ["function"] = settings.Optimizer, ["params"] = new ConfigTree { ["momentum"] = settings.Momentum },
                ["regularizer"] = new ConfigTree { ["factor"] = settings.WeightDecay, ["function"] = "L2" },
            },
            ["TRAIN"] = new ConfigTree { ["batch_size"] = train.BatchSize, ["data_dir"] = run.Data, ["num_workers"] = settings.Workers },
            ["VALID"] = new ConfigTree { ["batch_size"] = train.BatchSize, ["data_dir"] = run.Data, ["num_workers"] = settings.Workers },
            ["classes_num"] = run.Classes, ["epochs"] = train.Epochs, ["image_shape"] = new object[] { 3, run.ImageSize, run.ImageSize },
            ["last_epoch"] = run.Epoch - 1, ["ls_epsilon"] = settings.LabelSmoothing, ["mode"] = "train", ["model_save_dir"] = run.Folder,
            ["print_interval"] = train.LogEvery, ["topk"] = 5, ["total_images"] = run.TrainImages, ["use_mix"] = settings.IsMixed,
            ["valid_interval"] = train.ValidateEvery, ["validate"] = run.ValidationImages > 0,
        };
    }
}
