using System.Globalization;
using Fovea.Training.Metrics;

namespace Fovea.Training.Logging.Styles;

/// <summary>MindCV: <c>train.py</c>, <c>validate.py</c>, <c>mindcv/utils/callbacks.py</c> and <c>logger.py</c> of mindspore-lab/mindcv.</summary>
public sealed record MindCvStyle : LogStyle
{
    private const string Main = "mindcv.train";
    private const string Monitor = "mindcv.utils.callbacks";
    private const string Lines = "rank0.log";
    private const string Results = "result.log";
    private const int ColumnWidth = 20;
    private const int RuleWidth = 80;

    /// <inheritdoc/>
    public override string Kind => "mindcv";

    /// <inheritdoc/>
    public override IReadOnlyList<string> FilesOf(string model) => [Lines, Results, SettingsFile(model)];

    internal override string OwnPlace => Main;

    internal override string? LogFile => Lines;

    internal override string Prefix(string run, DateTimeOffset time, string level, string place) =>
        string.Create(CultureInfo.InvariantCulture, $"[{time:yyyy-MM-dd HH:mm:ss}] {place} {level} - ");

    internal override bool IsDue(in BatchReport batch, int every) => batch.Batch % every == 0 || batch.Batch == batch.Batches || batch.Batch == 1;

    internal override StyleTable Table(RunOverview run)
    {
        var names = MetricNames(run.Classes);
        return new(Results, Columns(["Epoch", "TrainLoss", .. names, "TrainTime", "EvalTime", "TotalTime"]), Row, EpochOf);
    }

    internal override IEnumerable<(string Name, string Text)> Documents(RunOverview run) => [(SettingsFile(run.Model), Settings(run).Yaml())];

    internal override IEnumerable<StyleLine> Begin(RunOverview run)
    {
        yield return new(string.Join('\n', Essentials(run)), Main);
        yield return new(
            run.Step > 0 || run.Epoch > 0
                ? FormattableString.Invariant($"Resume training from {run.Checkpoint}, last step: {run.Step}, last epoch: {run.Epoch}")
                : "Start training",
            Main);
    }

    internal override IEnumerable<StyleLine> Batch(TrainingMeters at)
    {
        var last = at.Last;
        yield return new(
            FormattableString.Invariant($"Epoch: [{last.Epoch}/{last.Epochs}], batch: [{last.Batch}/{last.Batches}], ")
            + $"loss: {PythonText.Fixed(last.Loss, 6)}, lr: {PythonText.Fixed(last.LearningRate, 6)}, time: {PythonText.Fixed(at.SinceLine.Seconds, 6)}s",
            Monitor);
    }

    internal override IEnumerable<StyleLine> Epoch(EpochReport report, TrainingMeters at)
    {
        if (report.Validation is { } found)
        {
            var shares = MetricNames(at.Run.Classes).Zip(Shares(found), (name, share) => $"{name}: {PythonText.Percent(share, 4)}");
            yield return new($"Validation {string.Join(", ", shares)}, time: {PythonText.Fixed(report.EvaluationSeconds, 6)}s", Monitor);
            if (report.IsBest) yield return new($"=> New best val acc: {PythonText.Percent(found.Top1, 4)}", Monitor);
        }

        if (at.Run.Checkpoint is { } path) yield return new($"Saving model to {path}", Monitor);
        var (train, evaluation) = (at.Epoch.Seconds, report.EvaluationSeconds);
        var (total, left) = (train + evaluation, report.Epochs - report.Epoch);
        yield return new(
            $"Total time since last epoch: {PythonText.Fixed(total, 6)}(train: {PythonText.Fixed(train, 6)}, val: {PythonText.Fixed(evaluation, 6)})s, "
            + $"ETA: {PythonText.Fixed(left * total, 6)}s",
            Monitor);
        yield return new(new string('-', RuleWidth), Monitor);
    }

    internal override IEnumerable<StyleLine> End(TrainingMeters at, (int Epoch, double Top1) best)
    {
        yield return new("Finish training!", Monitor);
        if (best.Epoch > 0)
            yield return new(
                FormattableString.Invariant($"The best validation Top_1_Accuracy is: {PythonText.Percent(best.Top1, 4)} at epoch {best.Epoch}."), Monitor);
        yield return new(new string('=', RuleWidth), Monitor);
    }

    internal override IEnumerable<StyleLine> EvaluationBegin(EvaluationOverview evaluation) =>
    [
        StyleLine.Bare($"Model: {evaluation.Model}"),
        StyleLine.Bare(FormattableString.Invariant($"Num batches: {evaluation.Batches}")),
        StyleLine.Bare("Start validating..."),
    ];

    internal override IEnumerable<StyleLine> LoneBatch(EvaluationMeters at, EvaluationOverview evaluation, int every)
    {
        var last = at.Last;
        if (last.Batch % every != 0 && last.Batch != last.Batches) yield break;
        yield return StyleLine.Bare(
            FormattableString.Invariant($"batch: {last.Batch}/{last.Batches}, time: {PythonText.Fixed(at.SinceLine.Seconds, 6)}s"));
        at.SinceLine.Reset();
    }

    internal override IEnumerable<StyleLine> EvaluationEnd(EvaluationMetrics metrics, EvaluationMeters at, EvaluationOverview evaluation)
    {
        var numbers = MetricNames(evaluation.Classes).Append("loss").Zip(Shares(metrics).Take(MetricNames(evaluation.Classes).Length).Append(metrics.Loss));
        yield return StyleLine.Bare($"{{{string.Join(", ", numbers.Select(pair => $"'{pair.First}': {PythonText.Repr(pair.Second)}"))}}}");
    }

    private static string SettingsFile(string model) => $"{StyleFiles.NameOf(model)}.yaml";

    /// <summary>Top-5 is told from five classes on.</summary>
    private static string[] MetricNames(int classes) => classes >= 5 ? ["Top_1_Accuracy", "Top_5_Accuracy"] : ["Top_1_Accuracy"];

    /// <summary>Of up to five classes the right one is always among the first five.</summary>
    private static double[] Shares(EvaluationMetrics metrics) => [metrics.Top1, metrics.Top5 ?? 1];

    private static string Columns(IEnumerable<string> cells) => string.Concat(cells.Select(cell => cell.PadRight(ColumnWidth)));

    private static string Row(EpochReport report, TrainingMeters at)
    {
        var names = MetricNames(at.Run.Classes);
        var shares = report.Validation is { } found ? Shares(found).Take(names.Length) : names.Select(_ => double.NaN);
        var (train, evaluation) = (at.Epoch.Seconds, report.EvaluationSeconds);
        return Columns(
        [
            report.Epoch.ToString(CultureInfo.InvariantCulture), PythonText.Fixed(report.TrainLoss, 6),
            .. shares.Select(share => PythonText.Percent(share, 4)),
            PythonText.Fixed(train, 2), PythonText.Fixed(evaluation, 2), PythonText.Fixed(train + evaluation, 2),
        ]);
    }

    private static int? EpochOf(string line) =>
        line.Length > ColumnWidth && int.TryParse(line[..ColumnWidth].TrimEnd(), CultureInfo.InvariantCulture, out var epoch) ? epoch : null;

    private static IEnumerable<string> Essentials(RunOverview run)
    {
        var (settings, train) = (new RunSettings(run), run.Recipe.Train);
        (string Name, object? Value)[] lines =
        [
            ("MindSpore mode[GRAPH(0)/PYNATIVE(1)]", 0), ("Distributed mode", false), ("Number of devices", 1),
            ("Number of training samples", run.TrainImages), ("Number of validation samples", run.ValidationImages > 0 ? run.ValidationImages : null),
            ("Number of classes", run.Classes), ("Number of batches", run.TrainBatches), ("Batch size", train.BatchSize), ("Auto augment", settings.Policy),
            ("MixUp", settings.Mixup), ("CutMix", settings.CutMix), ("Model", run.Model), ("Model parameters", run.Parameters),
            ("Number of epochs", train.Epochs), ("Optimizer", settings.Optimizer), ("Learning rate", run.LearningRate), ("LR Scheduler", settings.Schedule),
            ("Momentum", settings.Momentum), ("Weight decay", settings.WeightDecay), ("Auto mixed precision", settings.IsFp32 ? "O0" : "bf16"),
            ("Loss scale", "1.0(fixed)"),
        ];
        return lines.Select(line => $"{line.Name}: {ConfigTree.Python(line.Value)}").Prepend("Essential Experiment Configurations:");
    }

    private static ConfigTree Settings(RunOverview run)
    {
        var (settings, train) = (new RunSettings(run), run.Recipe.Train);
        return new()
        {
            ["amp_level"] = settings.IsFp32 ? "O0" : "bf16", ["auto_augment"] = settings.Policy, ["batch_size"] = train.BatchSize,
            ["ckpt_save_dir"] = run.Folder, ["clip_grad"] = settings.ClipNorm > 0, ["clip_value"] = settings.ClipNorm, ["cutmix"] = settings.CutMix,
            ["data_dir"] = run.Data, ["distribute"] = false, ["drop_remainder"] = train.DropLast, ["ema"] = settings.IsAveraged,
            ["epoch_size"] = train.Epochs, ["gradient_accumulation_steps"] = train.Accumulate, ["image_resize"] = run.ImageSize,
            ["label_smoothing"] = settings.LabelSmoothing, ["log_interval"] = train.LogEvery, ["loss"] = settings.Loss, ["lr"] = run.LearningRate,
            ["min_lr"] = settings.LeastRate, ["mixup"] = settings.Mixup, ["model"] = run.Model, ["momentum"] = settings.Momentum,
            ["num_classes"] = run.Classes, ["num_parallel_workers"] = settings.Workers, ["opt"] = settings.Optimizer, ["scheduler"] = settings.Schedule,
            ["seed"] = settings.Seed, ["val_interval"] = train.ValidateEvery, ["val_while_train"] = run.ValidationImages > 0,
            ["warmup_epochs"] = settings.WarmupEpochs, ["weight_decay"] = settings.WeightDecay,
        };
    }
}
