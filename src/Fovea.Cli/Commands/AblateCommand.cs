using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;
using Fovea.Formats;
using Fovea.Models.Building;
using Fovea.Naming;
using Fovea.Recipes.Ablations;
using Fovea.Runs;
using Fovea.Sources;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Commands;

/// <summary><c>fovea ablate</c>: trains a grid of recipes, and compares them in a table.</summary>
internal static class AblateCommand
{
    private static readonly Argument<string> s_grid = new("GRID") { Description = "The grid: a base recipe, tricks, rows and seeds, in YAML" };

    private static readonly Option<string> s_out = new("--out", "-o")
    {
        Description = "The folder of the grid: a run's folder for each row and seed, table.md, table.html, results.csv, results.json",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<string> s_sort = Choice.Of("--sort", "The order of the table's rows: that of the grid, or the best first", "grid", "top1");

    private static readonly Option<bool> s_dry = new("--dry-run") { Description = "List the runs and what there is of each; train nothing" };

    private static readonly Option<bool> s_macro =
        new("--macro") { Description = "Show the mean accuracy over the classes too, as is done anyway where a class has over twice the images of another" };

    internal static Command Create() => new Command("ablate", "Train a recipe with tricks on and off, with several seeds, and compare them in a table")
        .With(s_grid, RunFlags.Data, s_out, RecipeFlags.Set, s_sort, s_macro, s_dry)
        .With(DataFlags.All)
        .Runs(Run);

    private static int Run(Invocation call)
    {
        var (place, output) = (call.Value(RunFlags.Data)!, call.Value(s_out)!);
        FileKind.CheckFolderName(output, "a folder for the runs");
        var grid = AblationGrid.Load(call.Value(s_grid)!, RecipeFlags.Overrides(call));
        var data = DataFlags.Find(call, place);
        if (Path.Exists(place)) SeparateFolders.Check("--out", output, place);
        var runs = new AblationRuns(DataFlags.Noted(call, place, run: null), output, () => data, call.Report);
        var states = States(grid, runs);
        if (call.Value(s_dry)) return List(call, grid, states);
        OutputFolder.Create(output);
        var parts = TrainingSetup.Images(grid.Base, data, moved: [], call.Stop);
        grid = grid with { Data = AblationData.Of(place, parts), ShowsMacro = call.Value(s_macro) };
        var isSorted = call.Value(s_sort) == "top1";
        var results = new AblationResults(grid);
        try
        {
            AblationResults.Run(grid, run => Do(call, runs, run, states, results), (run, now) => Note(call, results = now, run, output, isSorted), call.Stop);
        }
        catch (OperationCanceledException)
        {
            call.Report.Log($"interrupted; the same command goes on: what is finished in {output} is kept");
            call.Report.Object(json => Write(json, results, isInterrupted: true));
            return ExitCodes.Interrupted;
        }

        Print(call.Report, AblationTable.Of(results, isSorted), output);
        call.Report.Object(json => Write(json, results, isInterrupted: false));
        return results.Failures == 0 ? ExitCodes.Ok : ExitCodes.Failure;
    }

    /// <summary>What there is of each run, once it is sure that each could be trained.</summary>
    private static Dictionary<AblationRun, AblationRunState> States(AblationGrid grid, AblationRuns runs)
    {
        var states = new Dictionary<AblationRun, AblationRunState>();
        foreach (var run in grid.Runs) states[run] = runs.StateOf(run, Resolved(grid, run));
        return states;
    }

    /// <exception cref="RecipeException">The row has no model; the message says where the grid names it.</exception>
    private static TrainRecipe Resolved(AblationGrid grid, AblationRun run)
    {
        try
        {
            return TrainingSetup.Resolve(run.Recipe);
        }
        catch (Exception e) when (e is ModelException or ModelSourceException)
        {
            throw new RecipeException($"{run.Row.PlaceOf("model") ?? grid.Source}: the row {run.Row.Name}: {e.Message}", e);
        }
    }

    private static void Write(Utf8JsonWriter json, AblationResults results, bool isInterrupted)
    {
        json.WriteBoolean("interrupted", isInterrupted);
        results.Write(json);
    }

    private static AblationOutcome Do(
        Invocation call, AblationRuns runs, AblationRun run, Dictionary<AblationRun, AblationRunState> states, AblationResults before)
    {
        var all = before.Grid.Runs;
        var number = all.Index().First(other => ReferenceEquals(other.Item, run)).Index;
        var place = FormattableString.Invariant($"run {number + 1} of {all.Count}");
        if (states[run] == AblationRunState.Finished)
        {
            call.Report.Log($"{place}; {run.Folder}: was finished before");
            return runs.OutcomeOf(run);
        }

        var left = before.TimeOf(all.Skip(number).Where(other => states[other] != AblationRunState.Finished)) is { } time
            ? string.Create(CultureInfo.InvariantCulture, $", about {(long)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2} left for all")
            : "";
        call.Report.Log($"{place}{left}; {run.Folder}: {(states[run] == AblationRunState.New ? "begins" : "goes on")}");
        return runs.Train(run, training => call.LastResort(() => training.SaveAndClose("the same command")), call.Stop);
    }

    /// <summary>After each run the tables are those of what there is, so that nothing is lost when the rest never comes.</summary>
    private static void Note(Invocation call, AblationResults results, AblationRun run, string output, bool isSorted)
    {
        if (results.Of(run)?.Failure is { } failure) call.Report.Error($"{run.Folder}: {failure.ReplaceLineEndings("; ")}");
        results.Save(output, isSorted);
        AtomicFile.Write(Path.Combine(output, "table.html"), stream => stream.Write(Encoding.UTF8.GetBytes(AblationPage.Write(results, isSorted))));
    }

    private static void Print(Report report, AblationTable table, string output)
    {
        var text = new TextTable([.. table.Columns.Select((name, c) => c < table.FirstMark + table.Marks ? name : $">{name}")]);
        foreach (var row in table.Rows) text.Row([.. row]);
        report.Table(text);
        report.Line(table.Note);
        report.Line(Path.Combine(output, "table.md"));
    }

    private static int List(Invocation call, AblationGrid grid, Dictionary<AblationRun, AblationRunState> states)
    {
        var seeds = grid.Seeds.Select(seed => FormattableString.Invariant($"seed {seed}"));
        var table = new TextTable(["row", .. grid.Tricks.Select(trick => trick.Name), .. seeds]);
        foreach (var row in grid.Rows)
        {
            var ofRow = grid.Runs.Where(run => run.Row == row).Select(run => Word(states[run]));
            table.Row([row.Name, .. grid.Tricks.Select(trick => row.Has(trick) ? "√" : ""), .. ofRow]);
        }

        call.Report.Table(table);
        call.Report.Line($"{Amount.Of(grid.Rows.Count, "row")} with {Amount.Of(grid.Seeds.Count, "seed")}: {Amount.Of(grid.Runs.Count, "run")}");
        call.Report.Object(json =>
        {
            json.WriteStartArray("runs");
            foreach (var run in grid.Runs)
            {
                json.WriteStartObject();
                json.WriteString("row", run.Row.Name);
                json.WriteNumber("seed", run.Seed);
                json.WriteString("folder", run.Folder);
                json.WriteString("state", Word(states[run]));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return ExitCodes.Ok;
    }

    private static string Word(AblationRunState state) => state switch
    {
        AblationRunState.Finished => "finished",
        AblationRunState.Begun => "interrupted",
        _ => "new",
    };
}
