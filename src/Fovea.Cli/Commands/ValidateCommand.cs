using System.CommandLine;
using System.Globalization;
using Fovea.Cli.Output;
using Fovea.Cli.Pictures;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Augment;
using Fovea.Formats;
using Fovea.Formats.Artefact;
using Fovea.Naming;
using Fovea.Training.Metrics;

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
        using var evaluation = new ModelEvaluation(call, call.Value(EvaluationData.Split)!, batchSize, ModelFlags.Smaller);
        var metrics = evaluation.Run(call, fold: call.Value(s_deploy), LogStyleFlag.Of(call));
        Print(call, evaluation, metrics);
        if (call.Value(s_pictures) is { } folder) Draw(call, folder, metrics, evaluation);
        return Gate(call, metrics.Top1);
    }

    private static void Draw(Invocation call, string folder, EvaluationMetrics metrics, ModelEvaluation evaluation)
    {
        var (model, data) = (evaluation.Model, evaluation.Data);
        PictureFont.Check(call.Report);
        OutputFolder.Create(folder);
        EvaluationPictures.Write(folder, $"{model.Name} on {data.Place}", metrics, evaluation.Images, ImagePipeline.Evaluate(model.Preprocessing));
    }

    private static void Print(Invocation call, ModelEvaluation evaluation, EvaluationMetrics metrics)
    {
        var (report, model, part, bad) = (call.Report, evaluation.Model, evaluation.Part, evaluation.BadImages);
        if (LogStyleFlag.Of(call) is null) PrintSummary(report, evaluation, metrics);
        if (call.Value(s_perClass)) EvaluationText.PrintClasses(report, metrics);
        if (call.Value(s_confusion)) EvaluationText.PrintConfusion(report, metrics);
        if (bad > 0) report.Line($"skipped {Amount.Of(bad, "image")} that cannot be read");
        report.Object(json =>
        {
            json.WriteString("model", model.Name);
            json.WriteString("weights", model.Origin);
            json.WriteString("data", evaluation.Data.Place);
            json.WriteString("split", part.Split);
            if (part.Rule is { } rule)
            {
                json.WriteNumber("validation_fraction", rule.Fraction);
                json.WriteNumber("split_seed", rule.Seed);
            }

            json.WriteString("precision", evaluation.Arithmetic);
            json.WritePropertyName("preprocessing");
            json.WriteRawValue(PreprocessingJson.Write(model.Preprocessing));
            json.WriteString("views", EvaluationData.NameOf(evaluation.Views));
            json.WriteNumber("bad_images", bad);
            EvaluationText.Write(json, metrics, call.Value(s_confusion));
        });
    }

    private static void PrintSummary(Report report, ModelEvaluation evaluation, EvaluationMetrics metrics)
    {
        var (model, part, views) = (evaluation.Model, evaluation.Part, evaluation.Views);
        report.Line(
            $"{model.Name} with {model.Origin} on {evaluation.Data.Place} ({part.Split}{part}), {evaluation.Arithmetic}; fractions 0-1, loss in nats");
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
