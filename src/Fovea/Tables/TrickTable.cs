using System.Globalization;
using Fovea.Recipes;

namespace Fovea.Tables;

/// <summary>Which tricks were on, and what came of it: a grid that <c>fovea ablate</c> has trained, with √ for what was on.</summary>
public sealed record TrickTable : TableKind
{
    private const string On = "√";
    private static readonly string[] s_behind = ["seed", "state", "epochs", "top1_last", "top1_best", "folder"];

    /// <inheritdoc/>
    public override string Name => "tricks";

    /// <inheritdoc/>
    public override string Description => "The rows of a grid that 'fovea ablate' has trained, with √ for the tricks that were on";

    /// <summary>The table of a grid.</summary>
    /// <param name="folder">The folder of the grid, with its <c>results.csv</c>.</param>
    /// <exception cref="Data.Sources.DataException">The results cannot be read.</exception>
    /// <exception cref="TableException">They are no results of a grid.</exception>
    public static ReportTable Of(string folder)
    {
        var results = FigureFile.Read(Path.Combine(folder, "results.csv"), repeats: true);
        var tricks = results.Columns.TakeWhile(column => column != s_behind[0]).ToArray();
        if (Array.Find(s_behind, column => !results.Columns.Contains(column)) is { } missing)
            throw new TableException(
                $"{Naming.Printable.Of(results.Path)}:1: there is no column {missing}; wanted the results.csv of a grid, as 'fovea ablate' writes it");
        return new(
            ["architecture", ">epoch", .. tricks, ">test acc (%)"],
            [.. results.Rows.GroupBy(row => row.Name, StringComparer.Ordinal).Select(group => Row(results, folder, tricks, [.. group.Select(row => row.Cells)]))],
            "test acc: top-1 of the best epoch in percent, the mean over the seeds; empty where no run is finished.");
    }

    private static TableCell[] Row(FigureFile results, string folder, string[] tricks, IReadOnlyList<IReadOnlyList<string>> runs)
    {
        string Cell(IReadOnlyList<string> run, string column) => run[results.Columns.Index().First(one => one.Item == column).Index];
        double[] shares = [.. runs.Select(run => Cell(run, "top1_best")).Where(text => text.Length > 0).Select(text => Share(results, text))];
        var epochs = runs.Select(run => Cell(run, "epochs")).FirstOrDefault(text => text.Length > 0) ?? "";
        return
        [
            Architecture(Path.Combine(folder, Cell(runs[0], "folder"), "recipe.yaml")), FigureFile.CellOf(epochs),
            .. tricks.Select(trick => new TableCell(Cell(runs[0], trick) == "1" ? On : "")),
            shares.Length > 0 ? TableCell.Fixed(100 * shares.Average(), 2) : TableCell.Empty,
        ];
    }

    private static double Share(FigureFile results, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1
            ? share
            : throw new TableException($"{Naming.Printable.Of(results.Path)}: top1_best is '{Naming.Printable.Line(text, 40)}'; wanted a fraction, 0 to 1");

    private static string Architecture(string recipe) => File.Exists(recipe) ? RecipeReader.Read(recipe).Model.Title : "";
}
