using System.Globalization;
using Fovea.Training.Metrics;

namespace Fovea.Training.Logging.Styles;

/// <summary>Darknet: <c>train_classifier</c> and <c>validate_classifier_single</c> of AlexeyAB/darknet, <c>src/classifier.c</c>. A line for each update.</summary>
public sealed record DarknetStyle : LogStyle
{
    /// <summary>The k of the accuracy that is told, at least 1. Default 5.</summary>
    public int Top { get; init; } = 5;

    /// <inheritdoc/>
    public override string Kind => "darknet";

    /// <inheritdoc/>
    public override int TopOf(int classes) => Math.Min(Top, classes);

    internal override string Prefix(string run, DateTimeOffset time, string level, string place) => "";

    internal override bool IsDue(in BatchReport batch, int every) => batch.IsUpdate;

    internal override IEnumerable<StyleLine> Begin(RunOverview run)
    {
        var settings = new RunSettings(run);
        yield return new(run.Model);
        yield return new("1");
        yield return new(
            $"Learning Rate: {PythonText.General(run.LearningRate)}, Momentum: {PythonText.General(settings.Momentum)}, "
            + $"Decay: {PythonText.General(settings.WeightDecay)}");
        yield return new(run.TrainImages.ToString(CultureInfo.InvariantCulture));
    }

    internal override IEnumerable<StyleLine> Batch(TrainingMeters at)
    {
        var (last, update) = (at.Last, at.Update);
        yield return new($"Loaded: {PythonText.Fixed(update.ReaderSeconds, 6)} seconds");
        yield return new(
            FormattableString.Invariant($"{last.Step}, {PythonText.Fixed((double)last.ImagesSeen / at.Run.TrainImages, 3)}: ")
            + $"{PythonText.Fixed(at.UpdateLoss.Mean, 6)}, {PythonText.Fixed(at.SmoothedLoss, 6)} avg, {PythonText.Fixed(last.LearningRate, 6)} rate, "
            + FormattableString.Invariant($"{PythonText.Fixed(update.Seconds - update.ReaderSeconds, 6)} seconds, {last.ImagesSeen} images, ")
            + $"{PythonText.Fixed(last.Remaining.TotalHours, 6)} hours left");
    }

    internal override IEnumerable<StyleLine> Epoch(EpochReport report, TrainingMeters at)
    {
        if (report.Validation is not null)
            yield return new(FormattableString.Invariant($"\n accuracy top{at.Run.TopK} = {PythonText.Fixed(at.Evaluation.OfK.Mean, 6)} "));
    }

    internal override IEnumerable<StyleLine> EvaluationBegin(EvaluationOverview evaluation) => [new(" TOP calculation...")];

    /// <summary>A line for each image, with the shares up to it.</summary>
    internal override IEnumerable<StyleLine> LoneBatch(EvaluationMeters at, EvaluationOverview evaluation, int every)
    {
        var (last, topK) = (at.Last, evaluation.TopK);
        var before = at.All.Images - last.Images;
        var first = at.Top1.Mean * at.All.Images - last.Hits(1);
        var ofK = at.OfK.Mean * at.All.Images - last.Hits(topK);
        for (var i = 0; i < last.Images; i++)
        {
            first += last.Ranks[i] < 1 ? 1 : 0;
            ofK += last.Ranks[i] < topK ? 1 : 0;
            var count = before + i + 1;
            yield return new(
                FormattableString.Invariant($"{count - 1}: top 1: {PythonText.Fixed(first / count, 6)}, top {topK}: {PythonText.Fixed(ofK / count, 6)}"));
        }
    }

    internal override IEnumerable<StyleLine> EvaluationEnd(EvaluationMetrics metrics, EvaluationMeters at, EvaluationOverview evaluation) => [];
}
