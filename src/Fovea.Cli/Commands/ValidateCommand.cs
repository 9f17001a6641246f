using System.CommandLine;
using System.Globalization;
using Fovea.Backends.OneDnn;
using Fovea.Cli.Output;
using Fovea.Cli.Pictures;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sets;
using Fovea.Data.Sources;
using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Naming;
using Fovea.Runs;
using Fovea.Sources;
using Fovea.Training.Batches;
using Fovea.Training.Logging;
using Fovea.Training.Logging.Styles;
using Fovea.Training.Evaluation;
using Fovea.Training.Metrics;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea validate</c>: how well a model recognises the images of a data set.</summary>
internal static class ValidateCommand
{
    private static readonly Option<bool> s_perClass = new("--per-class") { Description = "Also print each class, the worst first" };

    private static readonly Option<bool> s_confusion = new("--confusion") { Description = "Also print which class was taken for which" };

    private static readonly Option<string?> s_pictures = new("--pictures")
    {
        Description = "Draw the confusion matrix and the surest mistakes into a folder, as PNG",
        HelpName = "DIR",
    };

    private static readonly Option<int> s_batchSize = new("--batch") { Description = "Images at a time", HelpName = "N", DefaultValueFactory = _ => 64 };

    private static readonly Option<bool> s_deploy =
        new("--deploy") { Description = "Evaluate the form that is shipped, branches and norms folded into convolutions" };

    private static readonly Option<double?> s_minTop1 =
        new("--min-top1") { Description = "The least top-1 fraction, 0-1; below it the exit code is 3", HelpName = "F" };

    internal static Command Create() => new Command("validate", "Evaluate a model on a data set")
        .With(SourceFlags.All)
        .With(DataFlags.All)
        .With(
            EvaluationData.Place, EvaluationData.Split, EvaluationData.Views, s_perClass, s_confusion, s_pictures, s_batchSize, EvaluationData.Workers,
            EvaluationData.BadImages, s_deploy, s_minTop1, LogStyleFlag.Option)
        .With(EvaluatedPart.Flags)
        .Runs(Run);

    private static int Run(Invocation call)
    {
        var batchSize = call.Within(s_batchSize, 1, ModelFlags.MostImages);
        if (call.Value(s_minTop1) is { } bound and not (>= 0 and <= 1))
            throw new UsageException(FormattableString.Invariant($"--min-top1 is {bound}; wanted a fraction, 0 to 1"));
        var model = SourceFlags.Load(call);
        var data = EvaluationData.Find(call);
        var part = EvaluatedPart.Of(call, data, model);
        var images = part.Open(call, data, model);
        var backend = new OneDnnBackend();
        var precision = MachinePrecision.Choose(SourceFlags.PrecisionOf(call, model.Precision), backend, call.Report.Log, call.Report.Warning);
        var views = EvaluationData.ViewsOf(call, model);
        MemoryNeed.Of(model.Graph(EvaluationData.Rows(batchSize, images.Count, views)), ModelFlags.Smaller).Check(call.Report.Warning);
        using var loader = EvaluationData.Loader(images, model, views, batchSize, call);
        var metrics = Evaluate(call, data, model, loader, backend, precision);
        Print(call, data, part, model, precision, views, loader, metrics);
        if (call.Value(s_pictures) is { } folder) Draw(call, folder, metrics, images, model, data);
        return Gate(call, metrics.Top1);
    }

    private static EvaluationMetrics Evaluate(
        Invocation call, DataSet data, LoadedModel model, BatchLoader loader, OneDnnBackend backend, Precision precision)
    {
        using var evaluator = new Evaluator(backend, model.Graph, loader.ClassNames, fold: call.Value(s_deploy), precision);
        return LiveLines.Run(call.Report, view =>
        {
            using var log = LogStyleFlag.Of(call) is { } style ? new StyledLog(style, view is null ? call.Report.RawLog : view.RawLog, TimeProvider.System) : null;
            var images = new LoadedBatches(loader);
            var told = log?.Evaluate(new(model.Name, model.Origin, data.Place, loader.ClassNames.Count, images.Samples / loader.ViewsPerImage, images.Batches));
            var metrics = evaluator.Run(model.Tensors, images, Told, call.Stop);
            told?.End(metrics);
            return metrics;

            void Told(EvaluationBatchReport batch)
            {
                told?.Batch(batch);
                Show(view, loader, batch.Batch);
            }
        });
    }

    private static void Draw(Invocation call, string folder, EvaluationMetrics metrics, IImageSource images, LoadedModel model, DataSet data)
    {
        PictureFont.Check(call.Report);
        OutputFolder.Create(folder);
        EvaluationPictures.Write(folder, $"{model.Name} on {data.Place}", metrics, images, ImagePipeline.Evaluate(model.Preprocessing));
    }

    private static void Show(LiveView? view, BatchLoader loader, int done)
    {
        var (images, all) = (Math.Min(done * loader.BatchSize, loader.Samples) / loader.ViewsPerImage, loader.Samples / loader.ViewsPerImage);
        view?.Show($"{LiveView.Bar((double)images / all)} {images} of {all} images");
    }

    private static void Print(
        Invocation call, DataSet data, EvaluatedPart part, LoadedModel model, Precision precision, Views views, BatchLoader loader, EvaluationMetrics metrics)
    {
        var report = call.Report;
        var arithmetic = precision == Precision.Bf16 ? "bf16" : "fp32";
        if (LogStyleFlag.Of(call) is null) PrintSummary(report, data, part, model, arithmetic, views, metrics);
        if (call.Value(s_perClass)) EvaluationText.PrintClasses(report, metrics);
        if (call.Value(s_confusion)) EvaluationText.PrintConfusion(report, metrics);
        if (loader.BadImages.Count > 0) report.Line($"skipped {Amount.Of(loader.BadImages.Count, "image")} that cannot be read");
        report.Object(json =>
        {
            json.WriteString("model", model.Name);
            json.WriteString("weights", model.Origin);
            json.WriteString("data", data.Place);
            json.WriteString("split", part.Split);
            if (part.Rule is { } rule)
            {
                json.WriteNumber("validation_fraction", rule.Fraction);
                json.WriteNumber("split_seed", rule.Seed);
            }

            json.WriteString("precision", arithmetic);
            json.WritePropertyName("preprocessing");
            json.WriteRawValue(PreprocessingJson.Write(model.Preprocessing));
            json.WriteString("views", EvaluationData.NameOf(views));
            json.WriteNumber("bad_images", loader.BadImages.Count);
            EvaluationText.Write(json, metrics, call.Value(s_confusion));
        });
    }

    private static void PrintSummary(
        Report report, DataSet data, EvaluatedPart part, LoadedModel model, string arithmetic, Views views, EvaluationMetrics metrics)
    {
        report.Line($"{model.Name} with {model.Origin} on {data.Place} ({part.Split}{part}), {arithmetic}; fractions 0-1, loss in nats");
        if (part.Note.Length > 0) report.Line(part.Note);
        var looks = views == Views.One ? "" : $"; views: {EvaluationData.NameOf(views)}, their logits averaged";
        report.Line($"images: {model.Preprocessing}{looks}");
        EvaluationText.Print(report, metrics);
    }

    private static int Gate(Invocation call, double top1)
    {
        if (call.Value(s_minTop1) is not { } bound || top1 >= bound) return ExitCodes.Ok;
        call.Report.Error(string.Create(CultureInfo.InvariantCulture, $"top1 is {top1:F6}; wanted at least {bound} (--min-top1)"));
        return ExitCodes.Gate;
    }
}
