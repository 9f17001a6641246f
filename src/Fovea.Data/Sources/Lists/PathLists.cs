namespace Fovea.Data.Sources.Lists;

/// <summary>Lists of images without labels, a path on each line, as <c>find -name '*.jpg'</c> prints them.</summary>
public static class PathLists
{
    /// <summary>The files of a list, in its order; null where a line is more than the path of an image, or there is none.</summary>
    /// <param name="list">The file; text in UTF-8.</param>
    /// <param name="root">The folder where relative paths start; by default that of the list.</param>
    /// <exception cref="DataException">The list cannot be read, or a path holds a zero.</exception>
    public static IReadOnlyList<string>? TryRead(string list, string? root = null)
    {
        root = root is null ? Path.GetDirectoryName(Path.GetFullPath(list))! : Path.GetFullPath(root);
        var files = new List<string>();
        var number = 0;
        foreach (var line in TextFile.Lines(list, ListText.MaxBytes))
        {
            number++;
            if (line.Trim() is not { Length: > 0 } path) continue;
            if (!FolderListing.IsImage(path)) return null;
            if (path.Contains('\0', StringComparison.Ordinal)) throw new DataException($"{list}:{number}", "the path holds a zero", "the path of a file");
            files.Add(ListedPath.Of(path, root));
        }

        return files.Count > 0 ? files : null;
    }
}
