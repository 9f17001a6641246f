namespace Fovea.Data.Sources;

/// <summary>Lists class folders and the images in them; hidden files and folders do not count.</summary>
/// <param name="root">The data folder that keys are relative to.</param>
/// <param name="quarantined">Keys of images that count although their files are gone.</param>
internal sealed class FolderListing(string root, IReadOnlyCollection<string> quarantined)
{
    private static readonly string[] s_extensions = [".bmp", ".dib", ".jfif", ".jpe", ".jpeg", ".jpg", ".png", ".webp"];

    private static readonly EnumerationOptions s_shallow = new() { IgnoreInaccessible = false };

    private static readonly EnumerationOptions s_deep = new() { IgnoreInaccessible = false, RecurseSubdirectories = true, MaxRecursionDepth = 16 };

    private readonly SortedDictionary<string, int> _ignored = new(StringComparer.Ordinal);

    /// <summary>Whether the name ends as one of an image does, in any case.</summary>
    public static bool IsImage(string path) => s_extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The folders directly in a folder, in ordinal order.</summary>
    public static string[] Folders(string folder) => Guarded(folder, () => Names(Directory.EnumerateDirectories(folder, "*", s_shallow)));

    /// <summary>How many images lie directly in a folder.</summary>
    public static int LooseImages(string folder) => Guarded(folder, () => Directory.EnumerateFiles(folder, "*", s_shallow).Count(IsImage));

    /// <summary>The keys of the images anywhere in a class folder, in ordinal order.</summary>
    /// <param name="part">Path of the folder that holds the class folders, within the root; empty for the root itself.</param>
    /// <param name="name">The class.</param>
    public List<string> Images(string part, string name)
    {
        var prefix = part.Length == 0 ? $"{name}/" : $"{part}/{name}/";
        var folder = Path.Join(root, prefix);
        var keys = new List<string>();
        if (Directory.Exists(folder))
        {
            foreach (var file in Guarded(folder, () => Directory.EnumerateFiles(folder, "*", s_deep).ToArray()))
            {
                if (IsImage(file)) keys.Add(prefix + Path.GetRelativePath(folder, file).Replace('\\', '/'));
                else Ignore(file);
            }
        }

        keys.AddRange(quarantined.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Except(keys));
        keys.Sort(StringComparer.Ordinal);
        return keys;
    }

    /// <summary>One line on the files that were passed over, or none.</summary>
    public IEnumerable<string> Warnings()
    {
        if (_ignored.Count == 0) yield break;
        var kinds = string.Join(", ", _ignored.Select(kind => $"{kind.Value} {kind.Key}"));
        yield return $"{root}: {_ignored.Values.Sum()} files are no images by their names and are ignored ({kinds})";
    }

    private static string[] Names(IEnumerable<string> paths)
    {
        var names = paths.Select(path => Path.GetFileName(path)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    private static T Guarded<T>(string folder, Func<T> list)
    {
        try
        {
            return list();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(folder, $"the folder cannot be listed ({e.Message})", "a readable folder", e);
        }
    }

    private void Ignore(string file)
    {
        var kind = Path.GetExtension(file) is { Length: > 1 } extension ? extension.ToLowerInvariant() : "without extension";
        _ignored[kind] = _ignored.GetValueOrDefault(kind) + 1;
    }
}
