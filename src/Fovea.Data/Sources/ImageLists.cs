using System.Globalization;

namespace Fovea.Data.Sources;

/// <summary>Reads lists of images: one per line, a path and a label.</summary>
public static class ImageLists
{
    /// <summary>Reads a list; relative paths start at its folder.</summary>
    /// <param name="list">The file; lines are «path label», the label behind the last space. Empty lines do not count.</param>
    /// <param name="classes">The file of the classes; lines are «name label», in the order of the labels.</param>
    /// <exception cref="DataException">A file is missing, a line is malformed, a label is no class's, or the list is empty.</exception>
    public static ImageFiles Read(string list, string classes)
    {
        var classNames = new List<string>();
        foreach (var (line, name, label) in Entries(classes))
        {
            if (label != classNames.Count) throw new DataException($"{classes}:{line}", $"the label of {name} is {label}", $"{classNames.Count}");
            classNames.Add(name);
        }

        var root = Path.GetDirectoryName(Path.GetFullPath(list))!;
        var files = new List<(string, int)>();
        foreach (var (line, path, label) in Entries(list))
        {
            if (label < 0 || label >= classNames.Count)
                throw new DataException($"{list}:{line}", $"the label is {label}", $"0 to {classNames.Count - 1}, as in {classes}");
            files.Add((Path.GetRelativePath(root, Path.GetFullPath(path, root)).Replace('\\', '/'), label));
        }

        return files.Count > 0 ? new(root, classNames, files) : throw new DataException(list, "the list is empty", "lines «path label»");
    }

    private static IEnumerable<(int Line, string Name, int Label)> Entries(string path)
    {
        var number = 0;
        foreach (var line in Lines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var text = line.TrimEnd();
            var space = text.LastIndexOfAny([' ', '\t']);
            if (space < 1 || !int.TryParse(text.AsSpan(space + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var label))
                throw new DataException($"{path}:{number}", $"the line is «{text}»", "a name, a space and a whole number");
            yield return (number, text[..space].TrimEnd(), label);
        }
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"the list cannot be read ({e.Message})", "a readable text file", e);
        }
    }
}
