namespace Fovea.Data.Files;

/// <summary>A name in a folder.</summary>
/// <param name="Name">The name; bytes that are no UTF-8 stand as U+FFFD.</param>
/// <param name="Kind">What the name itself is: of a link, <see cref="FileKind.Link"/>.</param>
/// <param name="IsUtf8">Whether the name is what the folder holds; if not, no call can open it.</param>
internal readonly record struct FolderEntry(string Name, FileKind Kind, bool IsUtf8)
{
    /// <summary>Whether it does not count: its name begins with a point.</summary>
    public bool IsHidden => Name.StartsWith('.');

    /// <summary>The names in a folder, in ordinal order; not those of the folder itself and the one above.</summary>
    /// <exception cref="IOException">The folder is missing or cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be listed.</exception>
    public static FolderEntry[] In(string folder)
    {
        var entries = OperatingSystem.IsLinux() ? Posix.Entries(folder) : Portable(folder);
        entries.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return [.. entries];
    }

    private static List<FolderEntry> Portable(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().Select(info => new FolderEntry(info.Name, FileFacts.KindOf(info), true))];
}
