using System.Globalization;
using System.Text;

namespace Fovea.Training.Logging.Styles;

/// <summary>Settings by name, in the order of their names; a value is a number, a truth value, a text, nothing, a list of these, or settings again.</summary>
internal sealed class ConfigTree() : SortedDictionary<string, object?>(StringComparer.Ordinal)
{
    private static readonly string[] s_words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

    /// <summary>The text that PyYAML's <c>safe_dump</c> writes.</summary>
    internal string Yaml()
    {
        var text = new StringBuilder();
        WriteYaml(text, indent: 0);
        return text.ToString();
    }

    /// <summary>A value as Python's <c>str</c> shows it.</summary>
    internal static string Python(object? value) => value switch
    {
        null => "None",
        bool truth => truth ? "True" : "False",
        double number => PythonText.Repr(number),
        string text => text,
        IReadOnlyList<object> list => $"[{string.Join(", ", list.Select(Python))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private void WriteYaml(StringBuilder text, int indent)
    {
        foreach (var (key, value) in this)
        {
            text.Append(' ', indent).Append(key).Append(':');
            if (value is ConfigTree below)
            {
                text.Append('\n');
                below.WriteYaml(text, indent + 2);
            }
            else if (value is IReadOnlyList<object> { Count: > 0 } list)
            {
                text.Append('\n');
                foreach (var item in list) text.Append(' ', indent).Append("- ").Append(Scalar(item)).Append('\n');
            }
            else
            {
                text.Append(' ').Append(Scalar(value)).Append('\n');
            }
        }
    }

    private static string Scalar(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        double number => Number(PythonText.Repr(number)),
        string text => IsPlain(text) ? text : text.All(c => c is >= ' ' and <= '~') ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'" : Escaped(text),
        IReadOnlyList<object> => "[]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>YAML 1.1 wants a point in a number with an exponent, and dots before what is not finite.</summary>
    private static string Number(string repr) => repr switch
    {
        "nan" => ".nan",
        "inf" => ".inf",
        "-inf" => "-.inf",
        _ => repr.Contains('e', StringComparison.Ordinal) && !repr.Contains('.', StringComparison.Ordinal)
            ? repr.Replace("e", ".0e", StringComparison.Ordinal)
            : repr,
    };

    private static bool IsPlain(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] is '/' or '_') && text[^1] != ' ' && !s_words.Contains(text.ToLowerInvariant())
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ' ' or '+');

    private static string Escaped(string text)
    {
        var line = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') line.Append('\\').Append(c);
            else if (c is >= ' ' and <= '~') line.Append(c);
            else line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }

        return line.Append('"').ToString();
    }
}
