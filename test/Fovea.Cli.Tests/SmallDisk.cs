using System.Diagnostics;

namespace Fovea.Cli.Tests;

/// <summary>A disk of few bytes in a folder.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string root) => Root = root;

    internal string Root { get; }

    /// <summary>Mounts one; a test that may not is skipped.</summary>
    internal static SmallDisk Mount(TemporaryFolder folder, string size)
    {
        var root = Directory.CreateDirectory(folder.Path("disk")).FullName;
        if (Do("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", root) != 0) Assert.Skip("only root can mount a small disk");
        return new(root);
    }

    internal string Path(params string[] names) => System.IO.Path.Combine([Root, .. names]);

    public void Dispose() => Do("umount", Root);

    private static int Do(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
