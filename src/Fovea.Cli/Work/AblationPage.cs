using Fovea.Recipes;
using Fovea.Recipes.Ablations;

namespace Fovea.Cli.Work;

/// <summary>The results of a grid as one HTML page that needs no other file.</summary>
internal static class AblationPage
{
    internal static string Write(AblationResults results, bool sorted)
    {
        var (grid, table) = (results.Grid, AblationTable.Of(results, sorted));
        var head = table.Columns.Select((name, c) => c < table.FirstMark ? name : c < table.FirstMark + table.Marks ? $"^{name}" : $">{name}").ToArray();
        var page = new HtmlPage(table.Title).Paragraph(table.Note).Table("", head, table.Rows);
        page.Table(
            "Tricks", ["trick", "sets"],
            grid.Tricks.Select(trick => (string[])[trick.Name, string.Join("; ", trick.Changes.Select(change => $"{change.Path}={change.Value}"))]));
        var failed = grid.Runs.Where(run => results.Of(run)?.Failure is not null).Select(run => (string[])[run.Folder, results.Of(run)!.Failure!]).ToArray();
        if (failed.Length > 0) page.Table("Failed", ["run", "what is wrong"], failed);
        return page.Paragraph("The base recipe:").Lines(RecipeWriter.Write(grid.Base).TrimEnd().Split('\n')).ToString();
    }
}
