using System.Text;
using System.Text.Json;
using Fovea.Naming;

namespace Fovea.Tables;

/// <summary>A table of figures, in forms for people and for programs.</summary>
/// <param name="Columns">The names of the columns; one that begins with <c>&gt;</c> holds numbers.</param>
/// <param name="Rows">The cells, as many in each row as there are columns.</param>
/// <param name="Note">How its numbers are meant; empty where the columns say it.</param>
public sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<TableCell>> Rows, string Note = "")
{
    /// <summary>The names of the columns, as they are shown.</summary>
    public IReadOnlyList<string> Names => [.. Columns.Select(column => column.TrimStart('>'))];

    /// <summary>The table in Markdown, with its note below.</summary>
    public string Markdown()
    {
        var text = new StringBuilder();
        Line(Names);
        Line(Columns.Select(column => column.StartsWith('>') ? "--:" : "---"));
        foreach (var row in Rows) Line(row.Select(cell => cell.Text));
        if (Note.Length > 0) text.Append('\n').Append(Note).Append('\n');
        return text.ToString();

        void Line(IEnumerable<string> cells) =>
            text.Append("| ").AppendJoin(" | ", cells.Select(cell => Printable.Line(cell).Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }

    /// <summary>The table as RFC 4180 has it; numbers as they are, an empty cell where nothing is known.</summary>
    public string Csv()
    {
        var text = new StringBuilder();
        Line(Names);
        foreach (var row in Rows) Line(row.Select(cell => cell.Number is { } x ? x.ToString("R", System.Globalization.CultureInfo.InvariantCulture) : cell.Text));
        return text.ToString();

        void Line(IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Quoted)).Append('\n');
    }

    /// <summary>Writes the members of an object: <c>columns</c>, <c>rows</c> (objects by the names of the columns, null where nothing is known), <c>note</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("columns");
        foreach (var name in Names) json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteStartArray("rows");
        foreach (var row in Rows) Write(json, row);
        json.WriteEndArray();
        json.WriteString("note", Note);
    }

    private void Write(Utf8JsonWriter json, IReadOnlyList<TableCell> row)
    {
        json.WriteStartObject();
        foreach (var (name, cell) in Names.Zip(row))
        {
            json.WritePropertyName(name);
            if (cell.Number is { } number) json.WriteNumberValue(number);
            else if (cell.Text.Length > 0) json.WriteStringValue(cell.Text);
            else json.WriteNullValue();
        }

        json.WriteEndObject();
    }

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 && cell.Trim().Length == cell.Length ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
