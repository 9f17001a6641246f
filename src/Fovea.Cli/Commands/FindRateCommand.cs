using System.CommandLine;
using System.Globalization;
using System.Text;
using Fovea.Cli.Output;
using Fovea.Cli.Pictures;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Batching;
using Fovea.Formats;
using Fovea.Naming;
using Fovea.Runs;
using Fovea.Training.RateFinding;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea find-lr</c>: the learning rate range test.</summary>
internal static class FindRateCommand
{
    private static readonly RateRange s_default = new();

    private static readonly Option<string> s_out = new("--out", "-o")
    {
        Description = "The folder that gets lr.csv and lr.png; made if it is missing",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".",
    };

    private static readonly Option<double> s_lowest = new("--lowest")
    {
        Description = "The first rate", HelpName = "RATE", DefaultValueFactory = _ => s_default.Lowest,
    };

    private static readonly Option<double> s_highest = new("--highest")
    {
        Description = "The last rate", HelpName = "RATE", DefaultValueFactory = _ => s_default.Highest,
    };

    private static readonly Option<int> s_steps = new("--steps")
    {
        Description = "The updates of the test", HelpName = "N", DefaultValueFactory = _ => s_default.Steps,
    };

    private static readonly Option<double> s_smoothing = new("--smoothing")
    {
        Description = "How much of the average loss stays from step to step, 0 to below 1", HelpName = "B", DefaultValueFactory = _ => s_default.Smoothing,
    };

    private static readonly Option<bool> s_linear = new("--linear") { Description = "Let the rate grow by as much each step, not by the same factor" };

    internal static Command Create() => new Command("find-lr", "Find a learning rate: train some steps while it rises, and look at the loss")
        .With(RunFlags.Config, RunFlags.Data, s_out, RunFlags.Model, RunFlags.Weights, RunFlags.Pretrained, RunFlags.Key, RecipeFlags.Set, RunFlags.Precision)
        .With(s_lowest, s_highest, s_steps, s_linear, s_smoothing)
        .With(PreprocessingFlags.All)
        .With(DataFlags.All)
        .Runs(Run);

    private static int Run(Invocation call)
    {
        var (place, output) = (call.Value(RunFlags.Data)!, call.Value(s_out)!);
        var range = Range(call);
        FileKind.CheckFolderName(output, "a folder for lr.csv and lr.png");
        if (Directory.Exists(place)) SeparateFolders.CheckFile("--out", Path.Combine(output, "lr.csv"), place);
        var recipe = RunFlags.Recipe(call, "find-lr");
        var grows = recipe.Data.Progressive.Count > 0;
        recipe = RateFinder.AtOneSize(recipe);
        // A test moves no files.
        if (recipe.Data.BadImages == BadImagePolicy.Quarantine) recipe = recipe with { Data = recipe.Data with { BadImages = BadImagePolicy.Skip } };
        var shown = new TrainLog(call.Report, recipe);
        using var parts = shown.Show(
            log => TrainingSetup.Open(recipe, () => DataFlags.Find(call, place), new() { Log = log, Load = shown.Load }, call.Stop));
        if (grows)
        {
            var size = parts.Recipe.Data.ImageSize;
            call.Report.Log($"data.progressive: the test takes images of {size}×{size}, the size of the run's end, in every step");
        }

        var curve = LiveLines.Run(call.Report, view => RateFinder.Run(parts.Options, range, point => Show(view, range, point), call.Stop));
        PictureFont.Check(call.Report);
        var files = Write(curve, parts.Recipe, output);
        Print(call.Report, curve, parts.Recipe, files);
        call.Report.Object(json => RateCurveJson.Write(json, curve, parts.Recipe, files));
        return ExitCodes.Ok;
    }

    private static RateRange Range(Invocation call)
    {
        var (lowest, steps) = (call.Within(s_lowest, 1e-30, RateRange.LargestRate), call.Within(s_steps, 10, RateRange.MostSteps));
        var (highest, smoothing) = (call.Within(s_highest, 1e-30, RateRange.LargestRate), call.Within(s_smoothing, 0, 0.999999));
        if (highest <= lowest)
            throw new UsageException(FormattableString.Invariant($"--highest is {highest}; wanted more than --lowest, which is {lowest}"));
        return new() { Lowest = lowest, Highest = highest, Steps = steps, IsLinear = call.Value(s_linear), Smoothing = smoothing };
    }

    private static void Show(LiveView? view, RateRange range, RatePoint point) => view?.Show(string.Create(
        CultureInfo.InvariantCulture,
        $"{LiveView.Bar((point.Step + 1.0) / range.Steps)} step {point.Step + 1}/{range.Steps}  learning rate {point.LearningRate:G4}  loss {point.Loss:F4}"));

    private static (string Table, string Plot) Write(RateCurve curve, TrainRecipe recipe, string output)
    {
        OutputFolder.Create(output);
        var (table, plot) = (Path.Combine(output, "lr.csv"), Path.Combine(output, "lr.png"));
        var lines = curve.Points.Select(point => string.Create(
            CultureInfo.InvariantCulture, $"{point.Step + 1},{point.LearningRate:R},{point.AppliedRate:R},{point.Loss:R},{point.SmoothedLoss:R}\n"));
        var text = $"step,learning_rate,applied_rate,loss,smoothed_loss\n{string.Concat(lines)}";
        var title = $"Range test: {recipe.Model.Title}, {recipe.Optimizer.Kind}, batches of {recipe.Train.BatchSize * recipe.Train.Accumulate}";
        AtomicFile.Write(table, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        AtomicFile.Write(plot, stream => stream.Write(RatePlot.Draw(curve, title)));
        return (table, plot);
    }

    private static void Print(Report report, RateCurve curve, TrainRecipe recipe, (string Table, string Plot) files)
    {
        var last = curve.Points[^1];
        report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{curve.Points.Count} of {Amount.Of(curve.Range.Steps, "step")}, up to learning rate {last.LearningRate:G4}: {Ending(curve.End)}"));
        RateAdviceText.Write(report, curve.Advise());
        if (recipe.Optimizer.LinearRuleBatch > 0)
            report.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"rates are those of optimizer.learning_rate; updates are made with {last.AppliedRate / last.LearningRate:G4} times as much "
                + $"(linear_rule_batch {recipe.Optimizer.LinearRuleBatch})"));
        report.Line($"{files.Table}, {files.Plot}");
    }

    private static string Ending(RateCurveEnd end) => end switch
    {
        RateCurveEnd.Diverged => $"the smoothed loss was more than {RateFinder.DivergenceFactor} times its best",
        RateCurveEnd.NotFinite => "the loss was not finite any more",
        _ => "all rates were tried",
    };
}
