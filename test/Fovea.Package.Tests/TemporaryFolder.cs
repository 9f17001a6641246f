namespace Fovea.Package.Tests;

/// <summary>A folder that goes with its owner.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fovea-package-");

    internal string Root => _folder.FullName;

    internal string Path(string name) => System.IO.Path.Combine(Root, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
