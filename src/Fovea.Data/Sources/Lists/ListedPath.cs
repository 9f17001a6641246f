namespace Fovea.Data.Sources.Lists;

/// <summary>The file that a line of a list means.</summary>
internal static class ListedPath
{
    /// <summary>The whole path. One that was written with backslashes, as Windows does, is read so where only that is there.</summary>
    /// <param name="path">The path in the list.</param>
    /// <param name="root">Where relative paths start.</param>
    public static string Of(string path, string root)
    {
        var full = Path.GetFullPath(path, root);
        if (!path.Contains('\\', StringComparison.Ordinal) || File.Exists(full)) return full;
        var other = Path.GetFullPath(path.Replace('\\', '/'), root);
        return File.Exists(other) ? other : full;
    }
}
