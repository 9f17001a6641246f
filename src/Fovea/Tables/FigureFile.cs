using System.Globalization;
using Fovea.Data.Sources;
using Fovea.Data.Sources.Lists;
using Fovea.Naming;

namespace Fovea.Tables;

/// <summary>Figures from elsewhere, as measured latencies or a paper's: a CSV file whose first column names the rows.</summary>
/// <param name="Path">The file, for messages.</param>
/// <param name="Columns">The names of the other columns.</param>
/// <param name="Rows">Their cells by the name of the row, as they stand there: empty ones, and words such as <c>Failure</c>, too.</param>
public sealed record FigureFile(string Path, IReadOnlyList<string> Columns, IReadOnlyList<(int Line, string Name, IReadOnlyList<string> Cells)> Rows)
{
    private const int MostBytes = 16 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file: CSV, of at most 16 MiB.</param>
    /// <param name="repeats">Whether several rows may have the same name; default false.</param>
    /// <exception cref="DataException">It cannot be read.</exception>
    /// <exception cref="TableException">It is no such table; the message names the line.</exception>
    public static FigureFile Read(string path, bool repeats = false) => Parse(TextFile.Read(path, MostBytes), path, repeats);

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Where it is from, for messages.</param>
    /// <param name="repeats">Whether several rows may have the same name; default false.</param>
    /// <exception cref="TableException">It is no such table; the message names the line.</exception>
    public static FigureFile Parse(string text, string path, bool repeats = false)
    {
        var shown = Printable.Of(path);
        try
        {
            var records = DelimitedText.Records(text, ',').ToList();
            if (records is not [var head, ..] || head.Fields.Count < 2)
                throw new TableException($"{shown}:1: no columns; wanted a line with the names of the columns, the first of them for the rows");
            IReadOnlyList<string> columns = [.. head.Fields.Skip(1)];
            if (columns.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new TableException($"{shown}:{head.Line}: the column '{Printable.Of(twice.Key)}' stands there {twice.Count()} times; wanted it once");
            var rows = new List<(int, string, IReadOnlyList<string>)>();
            var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (line, fields) in records.Skip(1))
            {
                if (fields.Count != head.Fields.Count)
                    throw new TableException($"{shown}:{line}: {Amount.Of(fields.Count, "cell")}; wanted {head.Fields.Count}, as many as the first line names");
                if (!known.Add(fields[0]) && !repeats) throw new TableException($"{shown}:{line}: '{Printable.Of(fields[0])}' has a row already; wanted it once");
                rows.Add((line, fields[0], [.. fields.Skip(1)]));
            }

            return new(path, columns, rows);
        }
        catch (FormatException e)
        {
            throw new TableException($"{shown}:{e.Message}", e);
        }
    }

    /// <summary>The cells of a row; null where there is none.</summary>
    /// <param name="name">The name of the row, in any case.</param>
    public IReadOnlyList<string>? Find(string name) => Rows.FirstOrDefault(row => string.Equals(row.Name, name, StringComparison.OrdinalIgnoreCase)).Cells;

    /// <summary>A cell of a row; empty where there is none.</summary>
    /// <param name="name">The name of the row.</param>
    /// <param name="column">The name of the column.</param>
    public TableCell Cell(string name, string column)
    {
        if (Find(name) is not { } cells) return TableCell.Empty;
        var pair = Columns.Zip(cells).FirstOrDefault(pair => string.Equals(pair.First, column, StringComparison.OrdinalIgnoreCase));
        return pair.Second is { } cell ? CellOf(cell) : TableCell.Empty;
    }

    /// <summary>Refuses rows that are of none of some names, so that no figure is lost.</summary>
    /// <param name="names">The names of the table's rows.</param>
    /// <exception cref="TableException">There is such a row.</exception>
    public void CheckRows(IReadOnlyList<string> names)
    {
        foreach (var (line, name, _) in Rows)
            if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new TableException(
                    $"{Printable.Of(Path)}:{line}: '{Printable.Of(name)}' is no row of the table{NearestName.Hint(name, names)}; wanted of "
                    + string.Join(", ", names.Select(Printable.Of)));
    }

    /// <summary>A cell as it stands in the file.</summary>
    internal static TableCell CellOf(string text) =>
        new(text, double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null);
}
