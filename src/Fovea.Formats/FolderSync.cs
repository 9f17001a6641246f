using System.Runtime.InteropServices;

namespace Fovea.Formats;

/// <summary>Makes a rename durable: on Unix the folder's own entry list must reach the disk too.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>Flushes the entry list of <paramref name="folder"/>; where the system has no such call, or refuses it, nothing happens.</summary>
    internal static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        var descriptor = open(folder, ReadOnly);
        if (descriptor < 0) return;
        _ = fsync(descriptor);
        _ = close(descriptor);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
