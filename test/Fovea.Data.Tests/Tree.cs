using System.Diagnostics;

namespace Fovea.Data.Tests;

/// <summary>What a folder can hold besides files and folders.</summary>
internal static class Tree
{
    /// <summary>Makes a symbolic link.</summary>
    public static TemporaryFolder Link(this TemporaryFolder folder, string relative, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[relative])!);
        File.CreateSymbolicLink(folder[relative], target);
        return folder;
    }

    /// <summary>Makes a FIFO: who opens it waits for ever.</summary>
    public static TemporaryFolder Fifo(this TemporaryFolder folder, string relative) => folder.Shell($"mkfifo '{relative}'");

    /// <summary>Runs a command of the shell in the folder, as for names that .NET cannot write.</summary>
    public static TemporaryFolder Shell(this TemporaryFolder folder, string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = folder.Path })!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
        return folder;
    }

    /// <summary>Every name under the folder, with its kind and content, in ordinal order.</summary>
    public static string[] Snapshot(string folder) =>
    [
        .. Directory.EnumerateFileSystemEntries(
            folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Select(path => Directory.Exists(path) ? path : $"{path} {new FileInfo(path).Length}").Order(StringComparer.Ordinal),
    ];
}
