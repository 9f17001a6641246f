using System.Globalization;
using System.Text;
using Fovea.Naming;

namespace Fovea.Recipes.Ablations;

/// <summary>Results as a table of text: a column with √ for each trick, shares in percent.</summary>
public sealed record AblationTable
{
    private const string On = "√";
    private const string None = "–";

    private AblationTable(string title, string note, IReadOnlyList<string> columns, int marks, IReadOnlyList<IReadOnlyList<string>> rows) =>
        (Title, Note, Columns, FirstMark, Marks, Rows) = (title, note, columns, 4, marks, rows);

    /// <summary>What the table is of.</summary>
    public string Title { get; }

    /// <summary>How its numbers are meant.</summary>
    public string Note { get; }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The first of the columns that hold √ or nothing; text is before them, numbers behind them.</summary>
    public int FirstMark { get; }

    /// <summary>How many of those there are.</summary>
    public int Marks { get; }

    /// <summary>The cells.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows { get; }

    /// <summary>The table of results.</summary>
    /// <param name="results">The results; what is not finished is shown as –.</param>
    /// <param name="sorted">Whether rows stand in the order of their scores, the best first, and not in that of the grid.</param>
    public static AblationTable Of(AblationResults results, bool sorted = false)
    {
        var grid = results.Grid;
        var summaries = grid.Rows.Select(results.Of).ToArray();
        var reference = summaries[0].Mean(grid.Score);
        IEnumerable<AblationSummary> ordered = sorted ? summaries.OrderByDescending(row => row.Mean(grid.Score) ?? -1) : summaries;
        string[] columns =
        [
            "row", "folder", "model", "epochs", .. grid.Tricks.Select(trick => trick.Name), "top-1 last, %", "top-1 best, %",
            .. Macro(grid, $"macro {RecipeSchema.EnumName(grid.Score)}, %"), "Δ, points", "n", "time", "parameters",
        ];
        var rows = ordered.Select(row => Cells(grid, row, reference)).ToArray();
        return new(Path.GetFileNameWithoutExtension(grid.Source), NoteOf(grid), columns, grid.Tricks.Count, rows);
    }

    /// <summary>The table in Markdown, under its title and its note.</summary>
    public string Markdown()
    {
        var text = new StringBuilder($"# {Title}\n\n{Note}\n\n");
        Line(Columns);
        Line([.. Columns.Select((_, c) => c < FirstMark ? "---" : c < FirstMark + Marks ? ":-:" : "--:")]);
        foreach (var row in Rows) Line(row);
        return text.ToString();

        void Line(IReadOnlyList<string> cells) =>
            text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }

    private static string NoteOf(AblationGrid grid)
    {
        var seeds = grid.Seeds.Count == 1 ? "seed" : "seeds";
        var deviation = grid.Seeds.Count > 1 ? " ± sample standard deviation (over n − 1)" : "";
        var which = grid.Score == AblationScore.Last ? "after the last epoch" : "of the best epoch, which the validation images chose";
        var data = grid.Data is null ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"data: {Printable.Of(grid.Data.Place)}, {Amount.Of(grid.Data.Train, "image")} to train on, {grid.Data.Validation} to validate on, "
            + $"{Amount.Of(grid.Data.Classes, "class")}. ");
        var macro = grid.ShowsMacro ? $"macro {RecipeSchema.EnumName(grid.Score)}: the mean accuracy over the classes, in %, by the same evaluation. " : "";
        return $"{data}top-1: validation images recognised, in %, mean{deviation} over n runs, {seeds} {string.Join(", ", grid.Seeds)}; "
            + $"last: after the last epoch, best: of the best epoch. Δ: percentage points of top-1 from row 1, {grid.Rows[0].Name}, by the value {which}. {macro}"
            + "time: of a run, evaluations included, h:mm:ss. parameters: the numbers that are trained.";
    }

    /// <summary>What the table has of the accuracy over classes, where it shows that.</summary>
    private static string[] Macro(AblationGrid grid, string text) => grid.ShowsMacro ? [text] : [];

    private static string[] Cells(AblationGrid grid, AblationSummary row, double? reference)
    {
        var recipe = grid.Runs.First(run => run.Row == row.Row).Recipe;
        var difference = row.Mean(grid.Score) - reference;
        return
        [
            Text(grid.Rows.Index().First(other => other.Item == row.Row).Index + 1), row.Row.Name, recipe.Model.Title, Text(recipe.Train.Epochs),
            .. grid.Tricks.Select(trick => row.Row.Has(trick) ? On : ""),
            Share(row.Mean(AblationScore.Last), row.Deviation(AblationScore.Last)), Share(row.Mean(AblationScore.Best), row.Deviation(AblationScore.Best)),
            .. Macro(grid, Share(row.MacroMean(grid.Score), row.MacroDeviation(grid.Score))),
            row.Row == grid.Rows[0] || difference is null ? None : (100 * difference.Value).ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture),
            Text(row.Outcomes.Count), row.Seconds is { } seconds ? Time(seconds) : None, row.Parameters is { } parameters ? Text(parameters) : None,
        ];
    }

    private static string Share(double? mean, double? deviation)
    {
        if (mean is null) return None;
        var text = (100 * mean.Value).ToString("0.00", CultureInfo.InvariantCulture);
        return deviation is not null ? $"{text} ± {(100 * deviation.Value).ToString("0.00", CultureInfo.InvariantCulture)}" : text;
    }

    private static string Time(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Round(seconds));
        return string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
