using Fovea.Data.Files;
using Fovea.Naming;

namespace Fovea.Data.Sources.Lists;

/// <summary>Reads lists of images: one per line, a path and a label.</summary>
/// <remarks>
/// Between path and label stands a tab, a comma, a semicolon, a vertical bar or white space, the same throughout the file. Fields may stand in double quotes
/// as in CSV; with white space between them, a path in double quotes is a name that <see cref="Printable"/> has quoted, and another one ends with the ending
/// of an image or at the last space. A first line may name the columns, of which there may then be more than two. Empty lines do not count.
/// </remarks>
public static class ImageLists
{
    /// <summary>Reads a list.</summary>
    /// <param name="list">The file.</param>
    /// <param name="classes">
    /// The file of the classes (<see cref="ClassNameFile"/>); labels are then their numbers, from 0, or their names. Without it the labels are the names of
    /// the classes, numbers in their order, texts in ordinal order.
    /// </param>
    /// <param name="root">The folder of the images, where relative paths start; by default that of the list. No path may lead out of it.</param>
    /// <exception cref="DataException">
    /// A file is missing, too large or not UTF-8, a line is malformed, a path leads out of the folder or is there twice, a label is no class's, or the list
    /// is empty.
    /// </exception>
    public static ImageFiles Read(string list, string? classes = null, string? root = null) => Read([list], classes, root).Images[0];

    /// <summary>Reads several lists that share their classes.</summary>
    /// <param name="lists">The files.</param>
    /// <param name="classes">As of <see cref="Read(string, string, string)"/>.</param>
    /// <param name="root">As of <see cref="Read(string, string, string)"/>.</param>
    /// <returns>The images of each list, and whether their classes are known by number alone.</returns>
    /// <exception cref="DataException">As of <see cref="Read(string, string, string)"/>.</exception>
    public static (IReadOnlyList<ImageFiles> Images, bool AreNumbers) Read(IReadOnlyList<string> lists, string? classes = null, string? root = null)
    {
        var lines = lists.Select(ListText.Read).ToArray();
        var names = LabelNames.Of(lines.SelectMany(list => list).Select(line => line.Label), classes);
        return ([.. lists.Zip(lines, (list, of) => Images(list, of, names, root))], names.AreNumbers);
    }

    private static ImageFiles Images(string list, IReadOnlyList<ListLine> lines, LabelNames names, string? root)
    {
        root = Path.TrimEndingDirectorySeparator(root is null ? Path.GetDirectoryName(Path.GetFullPath(list))! : Path.GetFullPath(root));
        var files = new List<(string, int)>(lines.Count);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var key = Key(line, list, root);
            var label = names.PlaceOf(line.Label, $"{list}:{line.Number}");
            if (!seen.TryAdd(key, line.Number))
                throw new DataException($"{list}:{line.Number}", $"{Printable.Of(key)} stands on line {seen[key]} already", "each image once");
            files.Add((key, label));
        }

        return files.Count > 0 ? new(root, names.Names, files) : throw new DataException(list, "the list is empty", "lines «path label»");
    }

    private static string Key(ListLine line, string list, string root)
    {
        if (line.Path.Contains('\0')) throw new DataException($"{list}:{line.Number}", "the path holds a zero", "the path of a file");
        var full = ListedPath.Of(line.Path, root);
        return full != root && RealPath.IsWithin(full, root)
            ? Path.GetRelativePath(root, full)
            : throw new DataException(
                $"{list}:{line.Number}", $"{Printable.Of(line.Path)} leads out of {Printable.Of(root)}",
                "paths in this folder, or the folder of the images as root");
    }
}
