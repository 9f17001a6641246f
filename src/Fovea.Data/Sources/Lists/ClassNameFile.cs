using System.Globalization;
using Fovea.Naming;

namespace Fovea.Data.Sources.Lists;

/// <summary>Reads files with the names of classes.</summary>
public static class ClassNameFile
{
    private const int MostBytes = 64 << 20;

    /// <summary>The names, in the order of the labels.</summary>
    /// <param name="path">
    /// The file: a name on each line, or «name label» on each, or «label name» on each, where the labels are 0, 1, 2 … in this order. A name that begins
    /// with a double quote is one that <see cref="Printable"/> has quoted.
    /// </param>
    /// <exception cref="DataException">The file is missing, too large, not UTF-8 or empty, a name is malformed, or stands there twice.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        (int Number, string Text)[] lines =
        [
            .. TextFile.Lines(path, MostBytes).Select((text, at) => (Number: at + 1, Text: text.Trim())).Where(line => line.Text.Length > 0),
        ];
        if (lines.Length == 0) throw new DataException(path, "the file of class names is empty", "a name on each line");
        var texts = Behind(lines) ?? Before(lines) ?? Array.ConvertAll(lines, line => line.Text);
        var names = new List<string>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (text, (number, line)) in texts.Zip(lines))
        {
            var name = Name(path, number, text);
            if (!seen.TryAdd(name, number))
                throw new DataException(
                    $"{path}:{number}", $"{Printable.Of(name)} stands on line {seen[name]} already", "each class once");
            names.Add(name);
        }

        return names;
    }

    /// <summary>What stands before the labels, if each line ends with its own.</summary>
    private static string[]? Behind((int Number, string Text)[] lines)
    {
        var names = new string[lines.Length];
        for (var label = 0; label < names.Length; label++)
        {
            var (text, at) = (lines[label].Text, lines[label].Text.LastIndexOfAny([' ', '\t', ',']));
            if (at < 1 || !IsLabel(text[(at + 1)..], label)) return null;
            names[label] = text[..at].TrimEnd();
        }

        return Distinct(names);
    }

    /// <summary>What stands behind the labels, if each line begins with its own.</summary>
    private static string[]? Before((int Number, string Text)[] lines)
    {
        var names = new string[lines.Length];
        for (var label = 0; label < names.Length; label++)
        {
            var (text, at) = (lines[label].Text, lines[label].Text.IndexOfAny([' ', '\t', ',', ':']));
            if (at < 1 || !IsLabel(text[..at], label)) return null;
            names[label] = text[(at + 1)..].TrimStart();
        }

        return Distinct(names);
    }

    // «class 0», «class 1» are names, not the class «class» with its labels.
    private static string[]? Distinct(string[] names) => names.All(name => name.Length > 0) && names.Distinct().Count() == names.Length ? names : null;

    private static bool IsLabel(string text, int label) => text == label.ToString(CultureInfo.InvariantCulture);

    private static string Name(string path, int line, string text)
    {
        try
        {
            return Printable.Parse(text);
        }
        catch (FormatException)
        {
            throw new DataException($"{path}:{line}", $"the name is «{Printable.Line(text, 200)}»", "a name, or one in double quotes");
        }
    }
}
