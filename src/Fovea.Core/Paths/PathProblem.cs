using System.Globalization;
using System.Runtime.InteropServices;
using Fovea.Naming;

namespace Fovea.Paths;

/// <summary>Says what is wrong with a path, where the system names a file that nobody has asked for, or the wrong reason. To stand behind the path.</summary>
public static class PathProblem
{
    private const int NoSpaceLeft = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int NameTooLong = 36;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int LastErrorNumber = 200;
    private const double Kibi = 1024;

    /// <summary>Whether an exception says that there is no room left.</summary>
    public static bool IsFull(Exception e) => e is IOException { HResult: NoSpaceLeft or QuotaExceeded or WindowsDiskFull };

    /// <summary>Why a file could not be written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="e">What the system said.</param>
    /// <returns>For example <c>the folder /data/new does not exist</c>; of a full disk, how much room there is now.</returns>
    public static string OfFile(string path, Exception e) => OfParent(path) ?? Refused(ParentOf(path), e);

    /// <summary>Why there is no folder for a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>For example <c>the folder /data/new does not exist</c>; null where there is one.</returns>
    public static string? OfParent(string path)
    {
        var folder = ParentOf(path);
        return Blocked(folder) ?? (Directory.Exists(folder) ? null : $"the folder {Printable.Of(folder)} does not exist");
    }

    /// <summary>Why a folder could not be made or filled.</summary>
    /// <param name="path">The folder; it need not exist any more.</param>
    /// <param name="e">What the system said.</param>
    /// <returns>As <see cref="OfFile"/>.</returns>
    public static string OfFolder(string path, Exception e)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Blocked(folder) is { } blocked) return blocked;
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } above) folder = above;
        return Refused(folder, e);
    }

    /// <summary>That a path is a symbolic link to nothing.</summary>
    /// <returns>For example <c>is a link to old/run, which does not exist</c>; null where it is no link, or leads somewhere.</returns>
    public static string? OfLink(string path)
    {
        try
        {
            var trimmed = Path.TrimEndingDirectorySeparator(path);
            if (trimmed.Length == 0 || new FileInfo(trimmed).LinkTarget is not { } target || IsOfKernel(trimmed)) return null;
            var end = File.ResolveLinkTarget(trimmed, returnFinalTarget: true)!.FullName;
            return Path.Exists(end) ? null : $"is a link to {Printable.Of(target)}, which does not exist";
        }
        catch (IOException)
        {
            return "is a link that leads back to itself";
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string ParentOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(path);

    /// <summary>What a shell hands over, as in <c>-c &lt;(make-recipe)</c>, looks like a link to nothing, and can be opened.</summary>
    private static bool IsOfKernel(string path) =>
        Path.GetFullPath(path) is var full && (full.StartsWith("/proc/", StringComparison.Ordinal) || full.StartsWith("/dev/", StringComparison.Ordinal));

    /// <summary>What stands where a folder, or one above it, should be.</summary>
    private static string? Blocked(string folder)
    {
        for (var above = folder; above is not null && !Directory.Exists(above); above = Path.GetDirectoryName(above))
        {
            if (OfLink(above) is { } link) return $"{Printable.Of(above)} {link}";
            if (File.Exists(above)) return $"{Printable.Of(above)} is a file, not a folder";
        }

        return null;
    }

    private static string Refused(string folder, Exception e)
    {
        var place = Printable.Of(folder);
        if (IsFull(e)) return $"the disk is full: {Room(folder)} free in {place}";
        if (e is UnauthorizedAccessException) return $"no permission to create files in {place}";
        if (e is PathTooLongException || e.HResult == NameTooLong) return $"the name is longer than {place} can hold";
        if (e is FileNotFoundException or DirectoryNotFoundException) return $"nothing can be created in {place}";
        return e.HResult switch
        {
            ReadOnlyFileSystem => $"{place} is on a read-only file system",
            > 0 and < LastErrorNumber => $"{Marshal.GetPInvokeErrorMessage(e.HResult)}, in {place}",
            _ => e.Message.TrimEnd('.'),
        };
    }

    private static string Room(string folder)
    {
        try
        {
            var bytes = new DriveInfo(folder).AvailableFreeSpace;
            var (number, unit) = bytes < Kibi * Kibi ? (bytes / Kibi, "KiB") : (bytes / (Kibi * Kibi), "MiB");
            return string.Create(CultureInfo.InvariantCulture, $"{number:F0} {unit}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "nothing";
        }
    }
}
