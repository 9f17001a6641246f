using System.Globalization;
using Fovea.Data.Files;
using Fovea.Naming;

namespace Fovea.Data.Sources;

/// <summary>Reads lists of images: one per line, a path and a label.</summary>
public static class ImageLists
{
    private const int MaxBytes = 256 << 20;

    /// <summary>Reads a list.</summary>
    /// <param name="list">
    /// The file; lines are «path label», the label behind the last space. A path that begins with a double quote is a name that
    /// <see cref="Printable"/> has quoted. Empty lines do not count.
    /// </param>
    /// <param name="classes">The file of the classes; lines are «name label», in the order of the labels.</param>
    /// <param name="root">The folder of the images, where relative paths start; by default that of the list. No path may lead out of it.</param>
    /// <exception cref="DataException">
    /// A file is missing, too large or not UTF-8, a line is malformed, a path leads out of the folder, a label is no class's, or the list is empty.
    /// </exception>
    public static ImageFiles Read(string list, string classes, string? root = null)
    {
        var classNames = new List<string>();
        foreach (var (line, name, label) in Entries(classes))
        {
            if (label != classNames.Count) throw new DataException($"{classes}:{line}", $"the label of {Printable.Of(name)} is {label}", $"{classNames.Count}");
            classNames.Add(name);
        }

        root = Path.TrimEndingDirectorySeparator(root is null ? Path.GetDirectoryName(Path.GetFullPath(list))! : Path.GetFullPath(root));
        var files = new List<(string, int)>();
        foreach (var (line, path, label) in Entries(list))
        {
            if (label < 0 || label >= classNames.Count)
                throw new DataException($"{list}:{line}", $"the label is {label}", $"0 to {classNames.Count - 1}, as in {Printable.Of(classes)}");
            if (path.Contains('\0')) throw new DataException($"{list}:{line}", "the path holds a zero", "the path of a file");
            var full = Path.GetFullPath(path, root);
            if (full == root || !RealPath.IsWithin(full, root))
                throw new DataException(
                    $"{list}:{line}", $"{Printable.Of(path)} leads out of {Printable.Of(root)}", "paths in this folder, or the folder of the images as root");
            files.Add((Path.GetRelativePath(root, full), label));
        }

        return files.Count > 0 ? new(root, classNames, files) : throw new DataException(list, "the list is empty", "lines «path label»");
    }

    private static IEnumerable<(int Line, string Name, int Label)> Entries(string path)
    {
        var number = 0;
        foreach (var line in TextFile.Lines(path, MaxBytes))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var text = line.TrimEnd();
            var space = text.LastIndexOfAny([' ', '\t']);
            if (space < 1 || !int.TryParse(text.AsSpan(space + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var label))
                throw Malformed(path, number, text);
            yield return (number, Name(path, number, text[..space].TrimEnd()), label);
        }
    }

    private static DataException Malformed(string path, int line, string text) =>
        new($"{path}:{line}", $"the line is «{text}»", "a name, a space and a whole number");

    private static string Name(string path, int line, string text)
    {
        try
        {
            return Printable.Parse(text);
        }
        catch (FormatException)
        {
            throw Malformed(path, line, text);
        }
    }
}
