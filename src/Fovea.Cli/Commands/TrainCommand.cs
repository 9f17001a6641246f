using System.CommandLine;
using Fovea.Cli.Foreign;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Data.Decoding;
using Fovea.Data.Sets;
using Fovea.Naming;
using Fovea.Recipes;
using Fovea.Runs;
using Fovea.Training;
using Fovea.Training.Checkpoints;
using Fovea.Training.Recipes;
using Fovea.Training.State;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea train</c>: trains a model by a recipe, or goes on with a run.</summary>
internal static class TrainCommand
{
    private static readonly Option<string> s_out =
        new("--out", "-o")
        {
            Description = "The run's folder: recipe, log.jsonl, metrics.csv, TensorBoard events, checkpoints", HelpName = "DIR", Required = true,
        };

    private static readonly Option<bool> s_resume =
        new("--resume")
        {
            Description = "Go on with the run in --out, or begin it if there is none yet: the same command line at first and at each restart. "
                + "A run goes on by its own recipe unless -c is given",
        };

    private static readonly Option<string?> s_checkpoint =
        new("--checkpoint")
        {
            Description = "Which checkpoint --resume goes on from: latest (default), a kept one such as epoch-0010, or best where train.keep has best_state",
            HelpName = "NAME",
        };

    private static readonly Option<bool> s_nextEpoch =
        new("--next-epoch") { Description = "With --resume, when the images have changed in mid-epoch: go on at the next epoch" };

    internal static Command Create() => new Command("train", "Train a model by a recipe, or go on with a run")
        .With(RunFlags.Config, RunFlags.Data, s_out, RunFlags.Model, RunFlags.Weights, RunFlags.Pretrained, RunFlags.Key, RecipeFlags.Set, RunFlags.Precision)
        .With(ChosenRecipe.Time)
        .With(TrainFlags.All)
        .With(s_resume, s_checkpoint, s_nextEpoch, LogStyleFlag.Option)
        .With(ForeignFlags.Cards, ForeignFlags.Override)
        .With(PreprocessingFlags.All)
        .With(DataFlags.All)
        .Runs(Run);

    private static int Run(Invocation call)
    {
        var (data, output) = (call.Value(RunFlags.Data)!, call.Value(s_out)!);
        FileKind.CheckFolderName(output, "a folder for the run");
        Option[] ofResume = [s_checkpoint, s_nextEpoch];
        if (!call.Value(s_resume) && Array.Find(ofResume, call.Has) is { } alone)
            throw new UsageException($"{alone.Name} goes with --resume only: it says how to go on with a run");
        var dataFlags = DataFlags.Given(call, Quoted);
        var goesOn = $"fovea train --data {Quoted(data)}{dataFlags} --out {Quoted(output)} --resume";
        var found = new Lazy<DataSet>(() => DataFlags.Find(call, data, call.Value(s_resume) ? output : null));
        var place = new RunPlace(data, output, call.Value(s_resume))
        {
            Find = () => found.Value,
            Noted = DataFlags.Noted(call, data, call.Value(s_resume) ? output : null),
            Checkpoint = call.Value(s_checkpoint) ?? "latest",
            AtNextEpoch = call.Value(s_nextEpoch),
        };
        using var run = Open(call, place, goesOn);
        call.LastResort(() => run.SaveAndClose(goesOn));
        try
        {
            var end = Train(call, run);
            if (end == TrainingEnd.Interrupted) call.Report.Log($"the checkpoint is saved; to go on: {goesOn}");
            else if (run.Run.Data.Validation.Count > 0)
                call.Report.Log($"finished; to evaluate: fovea validate --run {Quoted(output)} --data {Quoted(data)}{dataFlags} --per-class");
            else
                call.Report.Log($"finished; no images were held back; to evaluate on others: fovea validate --run {Quoted(output)} --split all --data …");
            Write(call, run.Run, end);
            return end == TrainingEnd.Interrupted ? ExitCodes.Interrupted : ExitCodes.Ok;
        }
        catch (ImageException)
        {
            call.Report.Note(
                $"the run is saved up to this image; mend it, then: {goesOn} (or add --set data.bad_images=skip); if you remove it, add --next-epoch");
            throw;
        }
    }

    private static ConsoleRun Open(Invocation call, RunPlace place, string goesOn)
    {
        try
        {
            var (recipe, choice) = Recipe(call, place);
            return new ConsoleRun(recipe, place with { Choice = choice }, call.Report, LogStyleFlag.Of(call), stop: call.Stop);
        }
        catch (TrainingException e) when (e.Alternative is not null)
        {
            throw new TrainingException($"{e.Message}: {goesOn} --checkpoint {e.Alternative}", e);
        }
    }

    private static TrainingEnd Train(Invocation call, ConsoleRun console)
    {
        var (run, epochs) = (console.Run, console.Run.Recipe.Train.Epochs);
        if (!run.IsOver) return console.Train(call.Stop);
        call.Report.Log($"this run was finished before: {run.State.Epoch} of {Amount.Of(epochs, "epoch")}; --set train.epochs=… makes it longer");
        return TrainingEnd.Finished;
    }

    /// <summary>The recipe of the command line, of the run that goes on, or of what data and machine are; of the latter, what was chosen and why.</summary>
    private static (TrainRecipe Recipe, IReadOnlyList<string> Choice) Recipe(Invocation call, RunPlace place)
    {
        var file = call.Value(RunFlags.Config);
        if (file is not null && call.Has(ChosenRecipe.Time))
            throw new UsageException($"{ChosenRecipe.Time.Name} is for a recipe that is chosen; -c has its own length: wanted --epochs N");
        var isRun = place.Resume && RunFolder.CheckpointsOf(place.Output).Names.Count > 0;
        if (place.Resume && !isRun) call.Report.Log($"{Printable.Of(place.Output)}: there is no run yet; it begins");
        if (file is not null || call.Has(ForeignFlags.Override))
        {
            var read = ForeignRecipe.Read(file, RunFlags.Changes(call), call);
            return (read.Recipe, read.Notes);
        }

        var own = Path.Combine(place.Output, "recipe.yaml");
        if (isRun || (place.Resume && File.Exists(own))) return (Own(call, own), RunRecipe.ChoiceOf(place.Output));
        // Before somebody waits for a choice that cannot be used.
        RunFolder.CheckFree(place.Output);
        var chosen = ChosenRecipe.For(call, place.Find!);
        return (chosen.Recipe, chosen.Notes);
    }

    /// <summary>The recipe of the run that goes on, as the flags change it; what they have added to its lists is not added again.</summary>
    private static TrainRecipe Own(Invocation call, string file)
    {
        if (!File.Exists(file))
            throw new UsageException($"{file}: is missing, so that the recipe of the run is not known; wanted -c FILE, what the run began with");
        var recipe = RecipeReader.Read(file);
        if (call.Value(ChosenRecipe.Time) is { } time)
            call.Report.Log(
                $"{ChosenRecipe.Time.Name} {Printable.Line(time)}: the length was chosen when the run began: {recipe.Train.Epochs} epochs; "
                + "--epochs N makes it another");
        return RecipeReader.Read(file, RecipeAdditions.Missing(recipe, RecipeKinds.Default, RunFlags.Changes(call)));
    }

    private static void Write(Invocation call, TrainingRun run, TrainingEnd end) => call.Report.Object(json =>
    {
        var (state, last) = (run.State, run.LastEpoch);
        json.WriteString("run", run.Folder.Path);
        json.WriteString("model", run.ModelName);
        json.WriteBoolean("interrupted", end == TrainingEnd.Interrupted);
        json.WriteNumber("epochs", state.Epoch);
        json.WriteNumber("steps", state.Step);
        json.WriteNumber("seconds", state.Seconds);
        if (last is not null)
        {
            json.WriteNumber("train_loss", last.TrainLoss);
            json.WriteNumber("train_top1", last.TrainTop1);
        }

        if (last?.Validation is { } validation)
        {
            json.WriteNumber("loss", validation.Loss);
            json.WriteNumber("top1", validation.Top1);
            json.WriteNumber("macro", validation.Macro);
        }

        if (state.BestEpoch > 0)
        {
            json.WriteNumber("best_top1", state.BestTop1);
            json.WriteNumber("best_epoch", state.BestEpoch);
        }

        json.WriteString("checkpoint", run.Folder.Checkpoints.LatestPath);
        if (run.ScalesPath is { } scales) json.WriteString("repopt_scales", scales);
    });

    /// <summary>A path as a shell takes it.</summary>
    private static string Quoted(string path)
    {
        if (path.All(c => char.IsLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '+' or ':' or '@' or '~')) return path;
        return Printable.Line(path) == path
            ? $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'"
            : $"$'{Printable.Line(path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal))}'";
    }
}
