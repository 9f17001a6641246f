using System.Globalization;
using Fovea.Training.Metrics;

namespace Fovea.Training.Logging.Styles;

/// <summary>pytorch-cifar-tricks: <c>tools/train.py</c> of pprp/pytorch-cifar-tricks. A line for each epoch, none for batches.</summary>
/// <remarks>The rate of an epoch is that of its last update; theirs is already the next epoch's.</remarks>
public sealed record CifarStyle : LogStyle
{
    private const string LinesFile = "log.txt";
    private const string TableFile = "log.csv";
    private const string SettingsFile = "args.txt";
    private const string Header = "epoch,lr,loss,acc,val_loss,val_acc";

    /// <inheritdoc/>
    public override string Kind => "cifar";

    /// <inheritdoc/>
    public override IReadOnlyList<string> FilesOf(string model) => [LinesFile, TableFile, SettingsFile];

    internal override string? LogFile => LinesFile;

    internal override string Prefix(string run, DateTimeOffset time, string level, string place) =>
        string.Create(CultureInfo.InvariantCulture, $"{time:MM/dd hh:mm:ss tt} ");

    internal override string FilePrefix(string run, DateTimeOffset time, string level, string place) =>
        string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd HH:mm:ss},{time:fff} ");

    internal override StyleTable Table(RunOverview run) => new(TableFile, Header, Row, EpochOf);

    internal override IEnumerable<(string Name, string Text)> Documents(RunOverview run) =>
        [(SettingsFile, string.Concat(Arguments(run).Select(argument => $"{argument.Key}: {ConfigTree.Python(argument.Value)}\n")))];

    internal override bool IsDue(in BatchReport batch, int every) => false;

    internal override IEnumerable<StyleLine> Begin(RunOverview run)
    {
        var arguments = Arguments(run);
        yield return StyleLine.Bare("--------Config -----");
        foreach (var (name, value) in arguments) yield return StyleLine.Bare($"{name}: {ConfigTree.Python(value)}");
        yield return StyleLine.Bare("--------------------");
        yield return new($"Namespace({string.Join(", ", arguments.Select(pair => $"{pair.Key}={Quoted(pair.Value)}"))})");
        yield return new(FormattableString.Invariant($"param of model {run.Model} is {run.Parameters}"));
        yield return new("Training Start...");
    }

    internal override IEnumerable<StyleLine> Batch(TrainingMeters at) => [];

    internal override IEnumerable<StyleLine> Epoch(EpochReport report, TrainingMeters at)
    {
        var (train, evaluation) = (at.Epoch.Seconds, report.EvaluationSeconds);
        var (top1, loss) = (report.Validation?.Top1 ?? double.NaN, report.Validation?.Loss ?? double.NaN);
        yield return new(
            FormattableString.Invariant($"Epoch:[{report.Epoch - 1:D3}/{report.Epochs:D3}] lr:{PythonText.Fixed(report.LearningRate, 4)} ")
            + $"train_acc:{PythonText.Fixed(report.TrainTop1, 3)} train_loss:{PythonText.Fixed(report.TrainLoss, 4)} train_time:{PythonText.Fixed(train, 2)} "
            + $"valid_acc:{PythonText.Fixed(top1, 3)} valid_loss:{PythonText.Fixed(loss, 4)} valid_time:{PythonText.Fixed(evaluation, 2)} "
            + $"total_time: {PythonText.Fixed(train + evaluation, 2)}");
    }

    internal override IEnumerable<StyleLine> EvaluationBegin(EvaluationOverview evaluation) =>
    [
        StyleLine.Bare("load data successfully"), StyleLine.Bare("load model successfully"), StyleLine.Bare("start to validate model..."),
    ];

    internal override IEnumerable<StyleLine> EvaluationEnd(EvaluationMetrics metrics, EvaluationMeters at, EvaluationOverview evaluation) =>
        [new($"valid_acc:{PythonText.Fixed(metrics.Top1, 3)} valid_loss:{PythonText.Fixed(metrics.Loss, 4)} valid_time:{PythonText.Fixed(at.All.Seconds, 2)}")];

    private static string Row(EpochReport report, TrainingMeters at)
    {
        double?[] numbers =
        [
            report.Epoch - 1, report.LearningRate, report.TrainLoss, 100 * report.TrainTop1, report.Validation?.Loss, 100 * report.Validation?.Top1,
        ];
        return string.Join(',', numbers.Select(number => number is { } x ? PythonText.Repr(x) : ""));
    }

    private static int? EpochOf(string line) =>
        double.TryParse(line.Split(',')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var epoch) && epoch is >= 0 and < int.MaxValue
            ? (int)epoch + 1
            : null;

    private static string Quoted(object? value) => value is string text ? $"'{text}'" : ConfigTree.Python(value);

    private static ConfigTree Arguments(RunOverview run)
    {
        var (settings, train) = (new RunSettings(run), run.Recipe.Train);
        return new()
        {
            ["amp"] = !settings.IsFp32, ["bs"] = train.BatchSize, ["crit"] = settings.LabelSmoothing > 0 ? "lsr" : "ce", ["cutmix"] = settings.CutMix > 0,
            ["dataset"] = run.Data, ["epochs"] = train.Epochs, ["gradient_clip"] = settings.ClipNorm, ["lr"] = run.LearningRate,
            ["mixup"] = settings.Mixup > 0, ["mixup_alpha"] = settings.Mixup, ["model"] = run.Model, ["momentum"] = settings.Momentum,
            ["name"] = run.Folder is { } folder ? Path.GetFileName(folder) : "", ["nw"] = settings.Workers, ["optims"] = settings.Optimizer,
            ["sched"] = settings.Schedule, ["seed"] = settings.Seed, ["smooth_factor"] = settings.LabelSmoothing, ["weight_decay"] = settings.WeightDecay,
        };
    }
}
