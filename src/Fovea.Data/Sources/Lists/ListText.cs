using Fovea.Naming;

namespace Fovea.Data.Sources.Lists;

/// <summary>Reads the lines of a list: which delimiter it has, whether its first line names the columns, and what each line says.</summary>
internal static class ListText
{
    /// <summary>The most bytes of a list.</summary>
    public const int MaxBytes = 256 << 20;

    private const string Wanted = "a path and a label with a tab, comma, semicolon or space between them";
    private const int Looked = 100;

    private static readonly char[] s_delimiters = ['\t', ';', ',', '|'];

    /// <summary>The lines of a file.</summary>
    /// <exception cref="DataException">The file is missing, too large or not UTF-8, or a line is malformed.</exception>
    public static IReadOnlyList<ListLine> Read(string file) => Parse(TextFile.Read(file, MaxBytes), file);

    /// <summary>The lines of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="DataException">A line is malformed.</exception>
    public static IReadOnlyList<ListLine> Parse(string text, string file)
    {
        foreach (var delimiter in s_delimiters)
            if (Columns(text, delimiter, ListColumns.Find) is { } columns) return Table(text, delimiter, columns, file);
        if (Ambiguous(text) is { } header)
            throw new DataException(
                $"{file}:1", $"which of the {header.Count} columns are path and label is not clear ({string.Join(", ", header.Take(6).Select(Printable.Of))})",
                "two columns, or a first line that calls them path and label");
        foreach (var delimiter in s_delimiters)
            if (Columns(text, delimiter, ListColumns.Pairs) is { } columns) return Table(text, delimiter, columns, file);
        return Spaced(text, file);
    }

    private static ListColumns? Columns(string text, char delimiter, Func<IReadOnlyList<IReadOnlyList<string>>, ListColumns?> find) =>
        Beginning(text, delimiter) is { Count: > 0 } records ? find(records) : null;

    private static List<IReadOnlyList<string>> Beginning(string text, char delimiter)
    {
        var records = new List<IReadOnlyList<string>>();
        try
        {
            foreach (var (_, fields) in DelimitedText.Records(text, delimiter).Take(Looked)) records.Add(fields);
        }
        catch (FormatException)
        {
            // Those before it show what the file is; reading all of it meets the fault again.
        }

        return records;
    }

    /// <summary>The first record of a table of three columns or more that says not enough, or null.</summary>
    private static IReadOnlyList<string>? Ambiguous(string text) =>
        (from delimiter in s_delimiters
         let records = Beginning(text, delimiter)
         where records.Count > 0 && records[0].Count > 2 && records.TrueForAll(record => record.Count == records[0].Count)
             && records[^1].Any(FolderListing.IsImage)
         select records[0]).FirstOrDefault();

    private static List<ListLine> Table(string text, char delimiter, ListColumns columns, string file)
    {
        var lines = new List<ListLine>();
        try
        {
            foreach (var (line, fields) in DelimitedText.Records(text, delimiter).Skip(columns.HasHeader ? 1 : 0))
            {
                if (fields.Count <= Math.Max(columns.Path, columns.Label) || (!columns.HasHeader && fields.Count > 2))
                    throw new DataException($"{file}:{line}", $"the line has {fields.Count} fields («{Shown(string.Join(delimiter, fields))}»)", Wanted);
                if (fields[columns.Path].Length == 0 || fields[columns.Label].Length == 0)
                    throw new DataException($"{file}:{line}", $"the {(fields[columns.Path].Length == 0 ? "path" : "label")} is empty", Wanted);
                lines.Add(new(line, fields[columns.Path], fields[columns.Label]));
            }
        }
        catch (FormatException e)
        {
            var at = e.Message.IndexOf(':', StringComparison.Ordinal);
            throw new DataException($"{file}:{e.Message[..at]}", e.Message[(at + 2)..], "a field in double quotes, with quotes in it doubled", e);
        }

        return lines;
    }

    private static List<ListLine> Spaced(string text, string file)
    {
        var (lines, number) = (new List<ListLine>(), 0);
        using var reader = new StringReader(text);
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var (path, label) = Divided(line.Trim()) ?? throw Malformed(file, number, line);
            try
            {
                lines.Add(new(number, Printable.Parse(path), label));
            }
            catch (FormatException)
            {
                throw Malformed(file, number, line);
            }
        }

        return lines;
    }

    /// <summary>Path and label: behind the name of an image or what stands in double quotes, or else behind the last space.</summary>
    private static (string Path, string Label)? Divided(string line)
    {
        var space = line.StartsWith('"') ? Closing(line) : line.Length;
        for (var at = line.StartsWith('"') ? space : LastSpace(line, line.Length); at > 0; at = LastSpace(line, at))
        {
            if (line.StartsWith('"') || FolderListing.IsImage(line[..at].TrimEnd())) return Cut(line, at);
        }

        space = LastSpace(line, line.Length);
        return space < 1 ? null : Cut(line, space);
    }

    private static (string Path, string Label)? Cut(string line, int at) =>
        line[..at].TrimEnd() is { Length: > 0 } path && line[at..].Trim() is { Length: > 0 } label ? (path, label) : null;

    private static int LastSpace(string line, int before) => before < 1 ? -1 : line.LastIndexOfAny([' ', '\t'], before - 1);

    /// <summary>Where the space behind the name in double quotes is; −1 if there is none.</summary>
    private static int Closing(string line)
    {
        for (var i = 1; i < line.Length; i++)
        {
            if (line[i] == '\\') i++;
            else if (line[i] == '"') return i + 1 < line.Length && line[i + 1] is ' ' or '\t' ? i + 1 : -1;
        }

        return -1;
    }

    private static DataException Malformed(string file, int line, string text) => new($"{file}:{line}", $"the line is «{Shown(text.TrimEnd())}»", Wanted);

    private static string Shown(string text) => Printable.Line(text, 200);
}
