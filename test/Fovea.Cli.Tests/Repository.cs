namespace Fovea.Cli.Tests;

/// <summary>Files of the source tree that the tests were built from.</summary>
internal static class Repository
{
    internal static string Root { get; } = Find(AppContext.BaseDirectory);

    internal static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    private static string Find(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (File.Exists(System.IO.Path.Combine(at.FullName, "Fovea.slnx"))) return at.FullName;
        throw new DirectoryNotFoundException($"{folder}: no folder above holds Fovea.slnx");
    }
}
