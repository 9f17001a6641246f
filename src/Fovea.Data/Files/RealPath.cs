namespace Fovea.Data.Files;

/// <summary>Paths without links, <c>.</c> and <c>..</c>: where something really lies.</summary>
internal static class RealPath
{
    /// <summary>Where a path leads; of what does not exist yet, where it would be made.</summary>
    public static string Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Resolved(full) is { } real) return real;
        return Path.GetDirectoryName(full) is { } parent ? Path.Join(Of(parent), Path.GetFileName(full)) : full;
    }

    /// <summary>Whether a real path is a folder or lies in it.</summary>
    public static bool IsWithin(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal)
        && (path.Length == folder.Length || Path.EndsInDirectorySeparator(folder) || path[folder.Length] == Path.DirectorySeparatorChar);

    private static string? Resolved(string full)
    {
        if (OperatingSystem.IsLinux()) return Posix.Resolved(full);
        FileSystemInfo info = Directory.Exists(full) ? new DirectoryInfo(full) : new FileInfo(full);
        return info.Exists ? info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full : null;
    }
}
