using System.Text;

namespace Fovea.Data.Sources.Lists;

/// <summary>Records of fields with a delimiter between them, as RFC 4180 has them for commas.</summary>
/// <remarks>
/// A field in double quotes may hold delimiters, line ends and doubled quotes. White space around fields without quotes does not count, nor do empty lines.
/// </remarks>
public static class DelimitedText
{
    private const char Quote = '"';

    /// <summary>The records with the lines on which they begin, from 1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="delimiter">What stands between fields.</param>
    /// <exception cref="FormatException">A quoted field does not end, or does not end before a delimiter; the message begins with the line.</exception>
    public static IEnumerable<(int Line, IReadOnlyList<string> Fields)> Records(string text, char delimiter)
    {
        var (at, line) = (0, 1);
        while (at < text.Length)
        {
            var (start, fields) = (line, new List<string>());
            do fields.Add(Field(text, delimiter, ref at, ref line));
            while (TakeDelimiter(text, delimiter, ref at));
            TakeLineEnd(text, ref at, ref line);
            if (fields is not [""]) yield return (start, fields);
        }
    }

    private static string Field(string text, char delimiter, ref int at, ref int line)
    {
        while (at < text.Length && text[at] != delimiter && text[at] is ' ' or '\t') at++;
        if (at < text.Length && text[at] == Quote) return Quoted(text, delimiter, ref at, ref line);
        var start = at;
        while (at < text.Length && text[at] != delimiter && text[at] is not ('\r' or '\n')) at++;
        return text[start..at].TrimEnd();
    }

    private static string Quoted(string text, char delimiter, ref int at, ref int line)
    {
        var (start, field) = (line, new StringBuilder());
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\n') line++;
            if (text[at] != Quote) field.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == Quote) field.Append(text[at++]);
            else return Ended(text, delimiter, ref at) ? field.ToString() : throw new FormatException($"{start}: a quoted field goes on behind its quote");
        }

        throw new FormatException($"{start}: a quoted field does not end");
    }

    private static bool Ended(string text, char delimiter, ref int at)
    {
        at++;
        while (at < text.Length && text[at] != delimiter && text[at] is ' ' or '\t') at++;
        return at == text.Length || text[at] == delimiter || text[at] is '\r' or '\n';
    }

    private static bool TakeDelimiter(string text, char delimiter, ref int at)
    {
        if (at == text.Length || text[at] != delimiter) return false;
        at++;
        return true;
    }

    private static void TakeLineEnd(string text, ref int at, ref int line)
    {
        if (at < text.Length && text[at] == '\r') at++;
        if (at < text.Length && text[at] == '\n') at++;
        line++;
    }
}
