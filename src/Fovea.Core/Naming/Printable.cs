using System.Globalization;
using System.Text;

namespace Fovea.Naming;

/// <summary>Shows names that come from files or folders so that they can neither break a line nor steer a terminal.</summary>
/// <remarks>
/// What is not shown as it is: control characters (C0, DEL, C1), line and paragraph separators, characters without a form of their own, such as those that
/// turn the direction of writing (Unicode category Cf, but for the joiners), and lone surrogates.
/// </remarks>
public static class Printable
{
    private const char Quote = '"';

    /// <summary>
    /// The name as it is; or in double quotes with escapes as in JSON, if it holds what cannot be shown as it is, is empty, begins with a double quote,
    /// or begins or ends with white space. Different names always look different.
    /// </summary>
    public static string Of(string name)
    {
        var isPlain = name.Length > 0 && name[0] != Quote && !char.IsWhiteSpace(name[0]) && !char.IsWhiteSpace(name[^1]) && FirstHidden(name) < 0;
        if (isPlain) return name;
        var text = new StringBuilder().Append(Quote);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] is Quote or '\\') text.Append('\\').Append(name[i]);
            else Append(text, name, ref i);
        }

        return text.Append(Quote).ToString();
    }

    /// <summary>As <see cref="Of(string)"/>; of what is longer than <paramref name="most"/>, beginning and end with an ellipsis between them.</summary>
    /// <param name="name">The name.</param>
    /// <param name="most">The most characters; at least 3.</param>
    public static string Short(string name, int most)
    {
        var text = Of(name);
        if (text.Length <= most) return text;
        var (head, tail) = (most / 2, (most - 1) / 2);
        if (char.IsHighSurrogate(text[head - 1])) head--;
        if (char.IsLowSurrogate(text[^tail])) tail--;
        return $"{text[..head]}…{text[^tail..]}";
    }

    /// <summary>The name that <see cref="Of(string)"/> has shown.</summary>
    /// <exception cref="FormatException">The text begins with a double quote but is none of <see cref="Of(string)"/>'s.</exception>
    public static string Parse(string text)
    {
        if (text.Length == 0 || text[0] != Quote) return text;
        var name = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == Quote) return i == text.Length - 1 ? name.ToString() : throw Malformed(text, i);
            if (text[i] != '\\') name.Append(text[i]);
            else if (++i < text.Length) name.Append(Unescape(text, ref i));
        }

        throw Malformed(text, text.Length);
    }

    /// <summary>A line of a message, in which nothing but its words is seen: what cannot be shown as it is becomes an escape, line ends too.</summary>
    public static string Line(string text)
    {
        if (FirstHidden(text) < 0) return text;
        var line = new StringBuilder();
        for (var i = 0; i < text.Length; i++) Append(line, text, ref i);
        return line.ToString();
    }

    /// <summary>
    /// As <see cref="Line(string)"/>, of the first characters of a text that is longer than <paramref name="most"/>, with an ellipsis after them.
    /// </summary>
    public static string Line(string text, int most) => text.Length <= most ? Line(text) : $"{Line(text[..most])}…";

    /// <summary>Lines of a message, each as <see cref="Line(string)"/> shows it.</summary>
    public static string Lines(string text) => FirstHidden(text) < 0 ? text : string.Join('\n', text.Split('\n').Select(line => Line(line)));

    private static int FirstHidden(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsBetween(text[i], ' ', '~')) continue;
            var length = Shown(text, i);
            if (length == 0) return i;
            i += length - 1;
        }

        return -1;
    }

    private static void Append(StringBuilder text, string name, ref int i)
    {
        if (Shown(name, i) is var length and > 0)
        {
            text.Append(name, i, length);
            i += length - 1;
            return;
        }

        var c = name[i];
        _ = c switch
        {
            '\n' => text.Append("\\n"),
            '\r' => text.Append("\\r"),
            '\t' => text.Append("\\t"),
            _ => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        };
    }

    /// <summary>How many UTF-16 units of the text, from a place on, can be shown as they are; 0 for one that cannot.</summary>
    private static int Shown(string text, int at)
    {
        if (!Rune.TryGetRuneAt(text, at, out var rune)) return 0;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => 0,
            UnicodeCategory.Format when rune.Value is not (0x200C or 0x200D) => 0,
            _ => rune.Utf16SequenceLength,
        };
    }

    private static char Unescape(string text, ref int i)
    {
        switch (text[i])
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case Quote or '\\': return text[i];
            case 'u' when ushort.TryParse(Digits(text, i + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                i += 4;
                return (char)code;
            default: throw Malformed(text, i);
        }
    }

    private static ReadOnlySpan<char> Digits(string text, int at) => text.AsSpan(at, Math.Min(4, text.Length - at));

    private static FormatException Malformed(string text, int at) =>
        new($"{Line(text)} is malformed at character {at}; wanted a name, or one in double quotes");
}
