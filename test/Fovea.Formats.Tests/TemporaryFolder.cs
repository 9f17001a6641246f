namespace Fovea.Formats.Tests;

/// <summary>A folder that goes with its owner.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fovea-formats-");

    internal string Root => _folder.FullName;

    internal IEnumerable<string> Names => _folder.EnumerateFileSystemInfos().Select(entry => entry.Name).Order();

    internal string Path(string name) => System.IO.Path.Combine(Root, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
