using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fovea.Formats;

namespace Fovea.Recipes.Ablations;

/// <summary>Results as files that other programs read: a line for each run, and an object with rows and runs. Shares are fractions, 0–1.</summary>
public static class AblationFiles
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    extension(AblationResults results)
    {
        /// <summary>
        /// A line for each run, finished or not: <c>row</c>, a column of 0 and 1 for each trick, <c>seed</c>, <c>state</c> (finished, failed or missing),
        /// <c>epochs</c>, <c>top1_last</c>, <c>top1_best</c>, <c>best_epoch</c>, <c>macro_last</c>, <c>macro_best</c>, <c>seconds</c>,
        /// <c>parameters</c>, <c>folder</c>.
        /// </summary>
        public string Csv()
        {
            var text = new StringBuilder();
            string[] head =
            [
                "row", .. results.Grid.Tricks.Select(trick => trick.Name), "seed", "state", "epochs", "top1_last", "top1_best", "best_epoch", "macro_last",
                "macro_best", "seconds", "parameters", "folder",
            ];
            text.AppendJoin(',', head).Append('\n');
            foreach (var run in results.Grid.Runs)
            {
                var outcome = results.Of(run);
                var done = outcome is { Failure: null } ? outcome : null;
                string[] cells =
                [
                    run.Row.Name, .. results.Grid.Tricks.Select(trick => run.Row.Has(trick) ? "1" : "0"), Text(run.Seed), State(outcome), Text(done?.Epochs),
                    Text(done?.LastTop1), Text(done?.BestTop1), Text(done is { BestEpoch: > 0 and var epoch } ? epoch : null),
                    Text(done?.LastMacro), Text(done?.BestMacro), Text(done is null ? null : Math.Round(done.Seconds, 3)), Text(done?.Parameters), run.Folder,
                ];
                text.AppendJoin(',', cells).Append('\n');
            }

            return text.ToString();
        }

        /// <summary>Writes members of an object: the grid, its <c>rows</c> with means and deviations, and their <c>runs</c>.</summary>
        public void Write(Utf8JsonWriter json)
        {
            var grid = results.Grid;
            json.WriteString("grid", grid.Source);
            json.WriteString("score", RecipeSchema.EnumName(grid.Score));
            if (grid.Data is { } data)
            {
                json.WriteStartObject("data");
                json.WriteString("place", data.Place);
                json.WriteNumber("train", data.Train);
                json.WriteNumber("validation", data.Validation);
                json.WriteNumber("classes", data.Classes);
                json.WriteEndObject();
            }

            json.WriteStartArray("tricks");
            foreach (var trick in grid.Tricks) json.WriteStringValue(trick.Name);
            json.WriteEndArray();
            json.WriteStartArray("rows");
            foreach (var row in grid.Rows) Row(json, results, row);
            json.WriteEndArray();
        }

        /// <summary>Writes <c>results.csv</c>, <c>results.json</c> and <c>table.md</c>.</summary>
        /// <param name="folder">Where; made if it is missing.</param>
        /// <param name="sorted">Whether the rows of the table stand in the order of their scores.</param>
        /// <exception cref="IOException">A file cannot be written.</exception>
        public void Save(string folder, bool sorted = false)
        {
            OutputFolder.Create(folder);
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer, s_json))
            {
                json.WriteStartObject();
                results.Write(json);
                json.WriteEndObject();
            }

            AtomicFile.Write(Path.Combine(folder, "results.json"), stream => stream.Write(buffer.ToArray()));
            AtomicFile.Write(Path.Combine(folder, "results.csv"), stream => stream.Write(Encoding.UTF8.GetBytes(results.Csv())));
            AtomicFile.Write(Path.Combine(folder, "table.md"), stream => stream.Write(Encoding.UTF8.GetBytes(AblationTable.Of(results, sorted).Markdown())));
        }
    }

    private static void Row(Utf8JsonWriter json, AblationResults results, AblationRow row)
    {
        var (grid, summary) = (results.Grid, results.Of(row));
        json.WriteStartObject();
        json.WriteString("row", row.Name);
        json.WriteStartArray("tricks");
        foreach (var trick in row.Tricks) json.WriteStringValue(trick.Name);
        json.WriteEndArray();
        json.WriteNumber("n", summary.Outcomes.Count);
        foreach (var score in Enum.GetValues<AblationScore>())
        {
            Number(json, $"top1_{RecipeSchema.EnumName(score)}_mean", summary.Mean(score));
            Number(json, $"top1_{RecipeSchema.EnumName(score)}_std", summary.Deviation(score));
            Number(json, $"macro_{RecipeSchema.EnumName(score)}_mean", summary.MacroMean(score));
            Number(json, $"macro_{RecipeSchema.EnumName(score)}_std", summary.MacroDeviation(score));
        }

        Number(json, "delta", summary.Mean(grid.Score) - results.Of(grid.Rows[0]).Mean(grid.Score));
        Number(json, "seconds", summary.Seconds);
        Number(json, "parameters", summary.Parameters);
        json.WriteStartArray("runs");
        foreach (var run in grid.Runs.Where(run => run.Row == row)) Run(json, run, results.Of(run));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Run(Utf8JsonWriter json, AblationRun run, AblationOutcome? outcome)
    {
        json.WriteStartObject();
        json.WriteNumber("seed", run.Seed);
        json.WriteString("folder", run.Folder);
        json.WriteString("state", State(outcome));
        if (outcome?.Failure is { } failure) json.WriteString("failure", failure);
        if (outcome is { Failure: null })
        {
            json.WriteNumber("epochs", outcome.Epochs);
            Number(json, "top1_last", outcome.LastTop1);
            Number(json, "top1_best", outcome.BestTop1);
            Number(json, "best_epoch", outcome.BestEpoch > 0 ? outcome.BestEpoch : null);
            Number(json, "macro_last", outcome.LastMacro);
            Number(json, "macro_best", outcome.BestMacro);
            json.WriteNumber("seconds", outcome.Seconds);
            json.WriteNumber("parameters", outcome.Parameters);
        }

        json.WriteEndObject();
    }

    private static string State(AblationOutcome? outcome) => outcome is null ? "missing" : outcome.Failure is null ? "finished" : "failed";

    private static void Number(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } value && double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }

    private static string Text(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
