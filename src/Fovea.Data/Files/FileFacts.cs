using Microsoft.Win32.SafeHandles;

namespace Fovea.Data.Files;

/// <summary>What the system knows of a path without opening it.</summary>
/// <param name="Kind">What is there.</param>
/// <param name="Device">The file system that it lies on.</param>
/// <param name="Number">Its number there (inode).</param>
internal readonly record struct FileFacts(FileKind Kind, ulong Device, ulong Number)
{
    /// <summary>Reads them.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followLink">Whether what a link leads to is meant rather than the link.</param>
    /// <returns>Null if nothing is there, or it may not be looked at.</returns>
    public static FileFacts? Of(string path, bool followLink = true) => OperatingSystem.IsLinux() ? Posix.Facts(path, followLink) : Portable(path, followLink);

    /// <summary>Reads those of a file that is open, whatever its name is by now.</summary>
    /// <returns>Null where the system does not tell.</returns>
    public static FileFacts? Of(SafeFileHandle file) => OperatingSystem.IsLinux() ? Posix.Facts(file) : null;

    internal static FileKind KindOf(FileSystemInfo info) =>
        info.LinkTarget is not null ? FileKind.Link : info.Attributes.HasFlag(FileAttributes.Directory) ? FileKind.Folder : FileKind.File;

    // Without numbers, the real path stands for the file.
    private static FileFacts? Portable(string path, bool followLink)
    {
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        if (!info.Exists) return null;
        if (!followLink && info.LinkTarget is not null) return new(FileKind.Link, 0, 0);
        return new(info is DirectoryInfo ? FileKind.Folder : FileKind.File, 0, (ulong)RealPath.Of(path).GetHashCode(StringComparison.Ordinal));
    }
}
