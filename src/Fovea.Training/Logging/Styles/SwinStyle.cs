using System.Globalization;
using Fovea.Training.Metrics;

namespace Fovea.Training.Logging.Styles;

/// <summary>RepVGG and RepOptimizers, whose loop and logger are Swin Transformer's: <c>main.py</c> and <c>train/logger.py</c> of DingXiaoH/RepVGG.</summary>
public sealed record SwinStyle : LogStyle
{
    private const string LinesFile = "log_rank0.txt";
    private const string SettingsFile = "config.json";
    private const double Megabyte = 1 << 20;

    /// <inheritdoc/>
    public override string Kind => "swin";

    /// <inheritdoc/>
    public override bool WantsGradientNorm => true;

    internal override string OwnPlace => "main.py 146";

    /// <inheritdoc/>
    public override IReadOnlyList<string> FilesOf(string model) => [LinesFile, SettingsFile];

    internal override string? LogFile => LinesFile;

    internal override string Prefix(string run, DateTimeOffset time, string level, string place) =>
        string.Create(CultureInfo.InvariantCulture, $"[{time:yyyy-MM-dd HH:mm:ss} {run}] ({place}): {level} ");

    internal override IEnumerable<(string Name, string Text)> Documents(RunOverview run) => [(SettingsFile, Settings(run).Yaml())];

    internal override bool IsDue(in BatchReport batch, int every) => IsFirstOfEvery(batch.Batch, every);

    internal override IEnumerable<StyleLine> Begin(RunOverview run)
    {
        var rule = new string('=', 42);
        yield return StyleLine.Bare(rule);
        yield return StyleLine.Bare($"real base lr:  {PythonText.Repr(run.LearningRate)}");
        yield return StyleLine.Bare(rule);
        if (run.Folder is { } folder) yield return new($"Full config saved to {Path.Combine(folder, SettingsFile)}", "main.py 409");
        yield return new(Settings(run).Yaml(), "main.py 412");
        yield return new($"Creating model:{run.Model}", "main.py 78");
        yield return new(FormattableString.Invariant($"number of params: {run.Parameters}"), "main.py 98");
        if (run.Folder is { } output)
            yield return run.Step > 0
                ? new($"auto resuming from {run.Checkpoint}", "main.py 139")
                : new($"no checkpoint found in {output}, ignoring auto resume", "main.py 141");
        yield return new("Start training", "main.py 147");
    }

    internal override IEnumerable<StyleLine> Batch(TrainingMeters at)
    {
        var (last, times) = (at.Last, at.Epoch);
        var index = last.Batch - 1;
        var eta = times.Mean * (last.Batches - index);
        yield return new(
            FormattableString.Invariant($"Train: [{last.Epoch - 1}/{last.Epochs}][{index}/{last.Batches}]\t")
            + $"eta {PythonText.Duration(eta)} lr {PythonText.Fixed(last.LearningRate, 6)}\ttime {Pair(last.Seconds, times.Mean, 4)}\t"
            + $"loss {Pair(last.Loss, at.Loss.Mean, 4)}\tgrad_norm {Pair(at.Norm.Last, at.Norm.Mean, 4)}\tmem {Memory}",
            "main.py 274");
    }

    internal override IEnumerable<StyleLine> Trained(TrainingMeters at) =>
        [new(FormattableString.Invariant($"EPOCH {at.Last.Epoch - 1} training takes {PythonText.Duration(at.Epoch.Seconds)}"), "main.py 282")];

    internal override IEnumerable<StyleLine> EvaluationBatch(EvaluationMeters at, int epoch, int topK, int every)
    {
        var last = at.Last;
        if (!IsFirstOfEvery(last.Batch, every)) yield break;
        yield return new(
            FormattableString.Invariant($"Test: [{last.Batch - 1}/{last.Batches}]\t")
            + $"Time {Pair(last.Seconds, at.All.Mean, 3)}\tLoss {Pair(last.Loss, at.Loss.Mean, 4)}\t"
            + $"Acc@1 {Pair(100 * at.Top1.Last, 100 * at.Top1.Mean, 3)}\tAcc@5 {Pair(100 * at.Top5.Last, 100 * at.Top5.Mean, 3)}\tMem {Memory}",
            "main.py 325");
    }

    internal override IEnumerable<StyleLine> Epoch(EpochReport report, TrainingMeters at)
    {
        var epoch = report.Epoch - 1;
        if (report.Validation is { } found)
        {
            yield return Found(found);
            yield return new(FormattableString.Invariant($"Accuracy of the network at epoch {epoch}: {Percent(found.Top1, 3)}"), "main.py 162");
            yield return new($"Max accuracy: {Percent(report.BestTop1, 2)}", "main.py 164");
            if (new RunSettings(at.Run).IsAveraged)
            {
                yield return new(
                    FormattableString.Invariant($"EMAAccuracy of the network at epoch {epoch} test images: {Percent(found.Top1, 3)}"), "main.py 172");
                yield return new($"EMAMax accuracy: {Percent(report.BestTop1, 2)}", "main.py 174");
            }
        }

        if (at.Run.Checkpoint is not { } path) yield break;
        yield return new($"{path} saving......", "utils.py 174");
        yield return new($"{path} saved !!!", "utils.py 176");
    }

    internal override IEnumerable<StyleLine> End(TrainingMeters at, (int Epoch, double Top1) best) =>
        [new($"Training time {PythonText.Duration(at.Seconds)}", "main.py 186")];

    internal override IEnumerable<StyleLine> EvaluationEnd(EvaluationMetrics metrics, EvaluationMeters at, EvaluationOverview evaluation)
    {
        yield return Found(metrics);
        yield return new(
            $"Only eval. top-1 acc, top-5 acc, loss: {PythonText.Fixed(100 * metrics.Top1, 3)}, {PythonText.Fixed(100 * (metrics.Top5 ?? 1), 3)}, "
            + PythonText.Fixed(metrics.Loss, 5),
            "main.py 110");
    }

    private static StyleLine Found(EvaluationMetrics found) =>
        new($" * Acc@1 {PythonText.Fixed(100 * found.Top1, 3)} Acc@5 {PythonText.Fixed(100 * (found.Top5 ?? 1), 3)}", "main.py 332");

    private static string Pair(double now, double mean, int digits) => $"{PythonText.Fixed(now, digits)} ({PythonText.Fixed(mean, digits)})";

    private static string Percent(double share, int digits) => PythonText.Percent(share, digits);

    /// <summary>The most memory that this process has had; theirs is that of the graphics card.</summary>
    private static string Memory
    {
        get
        {
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            return $"{PythonText.Fixed(process.PeakWorkingSet64 / Megabyte, 0)}MB";
        }
    }

    private static ConfigTree Settings(RunOverview run)
    {
        var (settings, train) = (new RunSettings(run), run.Recipe.Train);
        return new()
        {
            ["AMP_OPT_LEVEL"] = settings.IsFp32 ? "O0" : "bf16",
            ["AUG"] = new ConfigTree { ["AUTO_AUGMENT"] = settings.Policy, ["CUTMIX"] = settings.CutMix, ["MIXUP"] = settings.Mixup },
            ["DATA"] = new ConfigTree
            {
                ["BATCH_SIZE"] = train.BatchSize, ["DATA_PATH"] = run.Data, ["IMG_SIZE"] = run.ImageSize, ["NUM_WORKERS"] = settings.Workers,
            },
            ["EVAL_MODE"] = false,
            ["MODEL"] = new ConfigTree
            {
                ["ARCH"] = run.Model, ["LABEL_SMOOTHING"] = settings.LabelSmoothing, ["NUM_CLASSES"] = run.Classes,
                ["RESUME"] = run.Step > 0 ? run.Checkpoint : "",
            },
            ["OUTPUT"] = run.Folder ?? "", ["PRINT_FREQ"] = train.LogEvery, ["SEED"] = settings.Seed,
            ["TRAIN"] = new ConfigTree
            {
                ["ACCUMULATION_STEPS"] = train.Accumulate > 1 ? train.Accumulate : 0, ["BASE_LR"] = run.LearningRate, ["CLIP_GRAD"] = settings.ClipNorm,
                ["EPOCHS"] = train.Epochs, ["LR_SCHEDULER"] = new ConfigTree { ["NAME"] = settings.Schedule }, ["MIN_LR"] = settings.LeastRate,
                ["OPTIMIZER"] = new ConfigTree { ["MOMENTUM"] = settings.Momentum, ["NAME"] = settings.Optimizer }, ["START_EPOCH"] = run.Epoch,
                ["USE_CHECKPOINT"] = train.GradientCheckpointing, ["WARMUP_EPOCHS"] = settings.WarmupEpochs, ["WARMUP_LR"] = settings.WarmupRate,
                ["WEIGHT_DECAY"] = settings.WeightDecay,
            },
        };
    }
}
