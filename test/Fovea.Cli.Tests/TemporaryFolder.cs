namespace Fovea.Cli.Tests;

/// <summary>A folder that goes with its owner.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fovea-cli-");

    internal string Root => _folder.FullName;

    internal string Path(params string[] names) => System.IO.Path.Combine([Root, .. names]);

    public void Dispose() => _folder.Delete(recursive: true);
}
