using Fovea.Data.Files;
using Fovea.Naming;

namespace Fovea.Data.Sources;

/// <summary>Lists class folders and the images in them; hidden files and folders do not count.</summary>
/// <param name="root">The data folder that keys are relative to.</param>
/// <param name="quarantined">Keys of images that count although their files are gone.</param>
/// <param name="stop">Ends the listing.</param>
internal sealed class FolderListing(string root, IReadOnlyCollection<string> quarantined, CancellationToken stop = default)
{
    private static readonly string[] s_extensions = [".bmp", ".dib", ".jfif", ".jpe", ".jpeg", ".jpg", ".png", ".webp"];

    private readonly string _realRoot = RealPath.Of(root);
    private readonly ListingNotes _notes = new();
    private string[]? _realParts;

    /// <summary>Whether the name ends as one of an image does, in any case.</summary>
    public static bool IsImage(string path) => s_extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The folders directly in a folder, and links to some, in ordinal order.</summary>
    /// <exception cref="DataException">The folder cannot be listed, or a folder's name is not UTF-8.</exception>
    public static string[] Folders(string folder)
    {
        var names = new List<string>();
        foreach (var (name, kind, isUtf8) in Entries(folder))
        {
            if (kind == FileKind.Folder && !isUtf8) throw NotUtf8(folder, name);
            if (kind == FileKind.Folder || (kind == FileKind.Link && FileFacts.Of(Path.Join(folder, name)) is { Kind: FileKind.Folder })) names.Add(name);
        }

        return [.. names];
    }

    /// <summary>How many images lie directly in a folder.</summary>
    public static int LooseImages(string folder) => Entries(folder).Count(entry => entry.Kind is FileKind.File or FileKind.Link && IsImage(entry.Name));

    /// <summary>The names in a folder that count, in ordinal order.</summary>
    /// <exception cref="DataException">The folder cannot be listed.</exception>
    public static IEnumerable<FolderEntry> Entries(string folder)
    {
        try
        {
            return FolderEntry.In(folder).Where(entry => !entry.IsHidden);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(folder, $"the folder cannot be listed ({e.Message})", "a readable folder", e);
        }
    }

    public static DataException NotUtf8(string folder, string name) =>
        new(folder, $"the name of the folder {Printable.Of(name)} is not UTF-8", "names in UTF-8, as convmv makes them");

    /// <summary>The keys of the images anywhere in a class folder, in ordinal order.</summary>
    /// <param name="part">Path of the folder that holds the class folders, within the root; empty for the root itself.</param>
    /// <param name="name">The class.</param>
    /// <exception cref="DataException">The class cannot be listed, or has names that are not UTF-8.</exception>
    public List<string> Images(string part, string name)
    {
        var prefix = part.Length == 0 ? $"{name}/" : $"{part}/{name}/";
        var folder = Path.Join(root, part, name);
        var keys = new List<string>();
        if (FileFacts.Of(folder) is { Kind: FileKind.Folder })
        {
            var realPart = RealPath.Of(Path.Join(root, part));
            CheckAlias(folder, realPart);
            string[] others = [.. RealParts().Where(other => other != realPart)];
            keys = new ClassWalk(_realRoot, realPart, others, _notes, stop).Images(folder).ConvertAll(image => prefix + image);
        }

        keys.AddRange(quarantined.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && StaysWithin(key)).Except(keys));
        keys.Sort(StringComparer.Ordinal);
        return keys;
    }

    /// <summary>The paths of the images anywhere in the root itself, in ordinal order.</summary>
    /// <exception cref="DataException">The root cannot be listed, or has names that are not UTF-8.</exception>
    public List<string> Images()
    {
        // Links may lead anywhere but to what is read anyway.
        var paths = new ClassWalk(_realRoot, _realRoot, [], _notes, stop).Images(root).ConvertAll(image => Path.Join(root, image));
        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    /// <summary>One line on each kind of what was passed over, or none.</summary>
    public IEnumerable<string> Warnings() => _notes.Lines(root);

    private string[] RealParts() =>
        _realParts ??= [.. FolderLayout.AllParts(root).Where(part => part.Length > 0).Select(part => RealPath.Of(Path.Join(root, part)))];

    // Keys of a checkpoint or a list are not ours alone.
    private static bool StaysWithin(string key) => !key.Split('/').Any(name => name is "" or "." or "..");

    private static void CheckAlias(string folder, string part)
    {
        if (FileFacts.Of(folder, followLink: false) is not { Kind: FileKind.Link }) return;
        var target = RealPath.Of(folder);
        if (RealPath.IsWithin(target, part) || RealPath.IsWithin(part, target))
            throw new DataException(
                folder, $"this class is a link to {Printable.Of(target)}, whose images are of other classes", "a folder, or a link to another place");
    }
}
