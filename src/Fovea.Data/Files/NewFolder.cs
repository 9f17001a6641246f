namespace Fovea.Data.Files;

/// <summary>A folder that is new, or empty, until all of it is written; unless it is kept, nothing of it stays.</summary>
internal sealed class NewFolder : IDisposable
{
    private readonly string _folder;
    private readonly string? _made;
    private bool _isKept;

    /// <summary>Makes the folder, and those above that are missing.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public NewFolder(string folder)
    {
        _folder = Path.GetFullPath(folder);
        for (var path = _folder; path is not null && !Directory.Exists(path); path = Path.GetDirectoryName(path)) _made = path;
        Directory.CreateDirectory(_folder);
    }

    /// <summary>All is written.</summary>
    public void Keep() => _isKept = true;

    /// <summary>Removes what was written, and the folders that were made.</summary>
    public void Dispose()
    {
        if (_isKept) return;
        if (_made is not null)
        {
            Directory.Delete(_made, recursive: true);
            return;
        }

        foreach (var entry in new DirectoryInfo(_folder).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } inner) inner.Delete(recursive: true);
            else entry.Delete();
        }
    }
}
