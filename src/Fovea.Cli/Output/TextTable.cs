using Fovea.Naming;
using Spectre.Console;

namespace Fovea.Cli.Output;

/// <summary>A table: framed on a terminal, otherwise columns of text two blanks apart under their names.</summary>
internal sealed class TextTable
{
    private readonly List<(string Name, bool Right)> _columns = [];
    private readonly List<string[]> _rows = [];

    /// <param name="columns">The names of the columns; one that begins with <c>&gt;</c> is aligned to the right.</param>
    internal TextTable(params ReadOnlySpan<string> columns)
    {
        foreach (var column in columns) _columns.Add(column.StartsWith('>') ? (column[1..], true) : (column, false));
    }

    internal void Row(params string[] cells)
    {
        if (cells.Length != _columns.Count) throw new ArgumentException($"{cells.Length} cells in a table of {Amount.Of(_columns.Count, "column")}");
        _rows.Add(Array.ConvertAll(cells, Printable.Line));
    }

    internal void Write(Terminal terminal)
    {
        if (terminal.OutIsTerminal) WriteFramed(terminal);
        else WritePlain(terminal.Out);
    }

    private void WriteFramed(Terminal terminal)
    {
        var table = new Table().RoundedBorder();
        foreach (var (name, right) in _columns)
            table.AddColumn(new TableColumn(new Text(name)) { Alignment = right ? Justify.Right : Justify.Left, NoWrap = right });
        foreach (var row in _rows) table.AddRow(row.Select(cell => new Text(cell)));
        terminal.Rich(terminal.Out).Write(table);
    }

    private void WritePlain(TextWriter writer)
    {
        var widths = _columns.Select((column, c) => _rows.Select(row => row[c].Length).Append(column.Name.Length).Max()).ToArray();
        WriteRow([.. _columns.Select(column => column.Name)]);
        foreach (var row in _rows) WriteRow(row);

        void WriteRow(string[] cells) =>
            writer.WriteLine(string.Join("  ", cells.Select((cell, c) => _columns[c].Right ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]))).TrimEnd());
    }
}
