using System.CommandLine;
using Fovea.Cli.Foreign;
using Fovea.Cli.Pictures;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Darknet;
using Fovea.Darknet.Cfg;
using Fovea.Data.Sets;
using Fovea.Import;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Runs;
using Fovea.Training;
using Fovea.Training.Checkpoints;
using Fovea.Training.Logging;
using Fovea.Training.Logging.Styles;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Darknet;

/// <summary><c>fovea classifier train</c>: a training as Darknet does it, with its lines and its files of weights beside a run of ours.</summary>
internal static class ClassifierTraining
{
    private const string UsualBackup = "backup";
    private const double UsualLoss = 20;
    private const string Layers = "network.cfg";

    private static readonly Option<bool> s_topK = new("-topk") { Description = "Evaluate every two epochs and draw a chart" };

    private static readonly Option<bool> s_clear = new("-clear") { Description = "Take the weights alone, not the images that they say to have seen" };

    private static readonly Option<string?> s_chart = new("-chart")
    {
        Description = "Where the chart is drawn; by default chart_NAME.png in the folder of the weights", HelpName = "FILE",
    };

    private static readonly Option<string?> s_out = new("--out")
    {
        Description = "The run's folder: recipe, logs, checkpoints; by default NAME in the folder of the weights", HelpName = "DIR",
    };

    internal static Command Create() => new Command("train", "Train as 'darknet classifier train' does")
        .With(ClassifierFiles.DataFile, ClassifierFiles.CfgFile, ClassifierFiles.WeightsFile)
        .With(s_topK, s_clear, s_chart, s_out, RecipeFlags.Set, RunFlags.Precision).With(ClassifierFiles.Idle)
        .Runs(Run);

    private static int Run(Invocation call)
    {
        var files = ClassifierFiles.Of(call);
        var backup = files.Data.Backup ?? UsualBackup;
        var stem = Path.Combine(backup, files.Base);
        var place = Place(call, files, call.Value(s_out) ?? stem, WeightsBackups.Last(stem));
        var layers = Path.Combine(place.Output, Layers);
        if (place.Resume) CheckLayers(layers, files);
        call.Report.RawLog(LayerTable.Of(files.Network).TrimEnd());
        var recipe = Imported(call, files, Beginning(place, files));
        var backups = new WeightsBackups(files.Network, stem, call.Report.RawLog);
        var chart = call.Value(s_topK) || call.Has(s_chart)
            ? new ChartLog(
                call.Value(s_chart) ?? Path.Combine(backup, $"chart_{files.Base}.png"), files.Base, files.Data.TopWhileTraining,
                files.Network.Net.Others.GetValueOrDefault("max_chart_loss", UsualLoss), call.Report.Warning)
            : null;
        if (chart is not null) PictureFont.Check(call.Report);
        var goesOn = $"fovea classifier train {Printable.Of(files.Data.File)} {Printable.Of(files.Cfg)}";
        using var run = new ConsoleRun(
            recipe, place, call.Report, new DarknetStyle { Top = files.Data.TopWhileTraining },
            chart is null ? backups : new CompositeLog(call.Report.Warning, backups, chart), call.Stop);
        backups.Follow(run.Run);
        files.Network.Cfg.Write(layers);
        chart?.Recall(Path.Combine(place.Output, "log.jsonl"));
        call.LastResort(() => run.SaveAndClose(goesOn));
        if (run.Run.IsOver) call.Report.Log($"this run was finished before, at update {run.Run.State.Step}; --set train.steps=… makes it longer");
        var end = run.Run.IsOver ? TrainingEnd.Finished : run.Train(call.Stop);
        call.Report.Log(end == TrainingEnd.Interrupted
            ? $"the checkpoint is saved; to go on: {goesOn}"
            : $"finished; to evaluate: fovea classifier valid {Printable.Of(files.Data.File)} {Printable.Of(files.Cfg)} {Printable.Of(WeightsBackups.Final(stem))}");
        return end == TrainingEnd.Interrupted ? ExitCodes.Interrupted : ExitCodes.Ok;
    }

    /// <summary>Where the run is: one that is there goes on where no weights are given, or those that it has left itself.</summary>
    private static RunPlace Place(Invocation call, ClassifierFiles files, string output, string last)
    {
        FileKind.CheckFolderName(output, "a folder for the run");
        var isThere = RunFolder.CheckpointsOf(output).Names.Count > 0;
        var isOwn = files.Weights is null || Path.GetFullPath(files.Weights) == Path.GetFullPath(last);
        if (isThere && (!isOwn || call.Value(s_clear)))
            throw new UsageException(
                $"{Printable.Of(output)}: a run is there already; wanted no WEIGHTS and no -clear, to go on with it, or --out DIR for another");
        if (!isThere && files.Weights is { } weights) TellSeen(call, weights, files);
        return new(files.Data.File, output, isThere) { Find = () => DataSet.Find(files.Data.File, stop: call.Stop) };
    }

    private static void TellSeen(Invocation call, string weights, ClassifierFiles files)
    {
        if (call.Value(s_clear) || !weights.EndsWith(DarknetWeights.Extension, StringComparison.OrdinalIgnoreCase)) return;
        var header = WeightsReader.Read(weights, files.Network).Header;
        if (header.Seen > 0)
            call.Report.Note(
                $"{Printable.Of(weights)}: has seen {Amount.Of((long)header.Seen, "image")}; the run begins with its weights, and its rates at their beginning "
                + "(a run that is broken off goes on from its own checkpoints, where no weights are given)");
    }

    /// <summary>The options of <c>[net]</c> may change while a run goes on, as far as those of a recipe may; its layers may not.</summary>
    private static void CheckLayers(string kept, ClassifierFiles files)
    {
        if (!File.Exists(kept) || CfgFile.Read(kept).Sections.Skip(1).SequenceEqual(files.Network.Cfg.Sections.Skip(1))) return;
        throw new UsageException(
            $"{Printable.Of(files.Cfg)}: its layers are others than those of the run, {Printable.Of(kept)}; wanted the same, or --out DIR for another run");
    }

    /// <summary>Network and weights that the run begins with, or, where it goes on, began with.</summary>
    private static List<RecipeOverride> Beginning(RunPlace place, ClassifierFiles files)
    {
        var own = Path.Combine(place.Output, "recipe.yaml");
        var begun = place.Resume && File.Exists(own) ? RecipeReader.Read(own).Model : null;
        var (source, weights) = (begun?.Source ?? Path.GetFullPath(files.Cfg), begun?.Weights ?? files.Weights ?? "");
        return [new("CFG", "model.source", RecipeWriter.Value(source)), new("WEIGHTS", "model.weights", RecipeWriter.Value(weights))];
    }

    private static TrainRecipe Imported(Invocation call, ClassifierFiles files, List<RecipeOverride> beginning)
    {
        var imported = RecipeImport.Read(files.Cfg);
        foreach (var line in ImportText.Lines(imported)) call.Report.Log(line);
        if (imported.Refusals.Count > 0) throw new RecipeException(string.Join('\n', imported.Refusals));
        var topK = new RecipeOverride("-topk", "train.validate_every", call.Value(s_topK) ? "2" : "0");
        return RecipeReader.Parse(imported.Text, $"{Printable.Of(files.Cfg)}, translated", [.. beginning, topK, .. Changes(call)]);
    }

    private static List<RecipeOverride> Changes(Invocation call)
    {
        var changes = RecipeFlags.Overrides(call).ToList();
        if (call.Value(RunFlags.Precision) is { } precision) changes.Add(new($"--precision {precision}", "train.precision", precision));
        return changes;
    }
}
