using Fovea.Data.Files;
using Fovea.Naming;

namespace Fovea.Data.Sources;

/// <summary>Finds the images anywhere in a class folder, each real one once.</summary>
/// <remarks>
/// What lies in the folder itself comes first, then where links lead. A link is followed if it leads out of the part, to what was not met before: links to
/// the class itself, to other classes, to a whole part or to a folder above would count images twice, or under a wrong name. Links into another part are
/// followed and told: what is trained on would be evaluated on.
/// </remarks>
/// <param name="root">The real path of the data folder.</param>
/// <param name="part">The real path of the part that the class belongs to.</param>
/// <param name="others">The real paths of the other parts of the data folder.</param>
/// <param name="notes">Told what is passed over.</param>
/// <param name="stop">Ends the walk.</param>
internal sealed class ClassWalk(string root, string part, IReadOnlyList<string> others, ListingNotes notes, CancellationToken stop)
{
    /// <summary>How many folders may lie within each other below a class folder.</summary>
    internal const int MaxDepth = 16;

    private readonly List<string> _images = [];
    private readonly List<string> _unnamable = [];
    private readonly HashSet<(ulong, ulong)> _folders = [];
    private readonly HashSet<string> _targets = new(StringComparer.Ordinal);
    private readonly Queue<(string Path, string Within, int Depth)> _links = [];
    private string _class = "";

    /// <summary>The paths of the images within a class folder, with slashes, in no order.</summary>
    /// <param name="folder">The class folder.</param>
    /// <exception cref="DataException">A folder cannot be listed, or a name is not UTF-8.</exception>
    public List<string> Images(string folder)
    {
        _class = RealPath.Of(folder);
        if (LeadsIntoOther(_class)) notes.Add(ListingNotes.Kind.Shared, Printable.Of(folder));
        Visit(folder, "", 0, isOutside: !RealPath.IsWithin(_class, root));
        while (_links.TryDequeue(out var link)) Follow(link.Path, link.Within, link.Depth);
        return _unnamable.Count == 0
            ? _images
            : throw new DataException(
                folder, $"of {Amount.Of(_unnamable.Count, "image the name is", "images the names are")} not UTF-8 (such as {Printable.Of(_unnamable[0])})",
                "names in UTF-8, as convmv makes them");
    }

    private void Visit(string folder, string within, int depth, bool isOutside)
    {
        stop.ThrowIfCancellationRequested();
        if (FileFacts.Of(folder) is { } facts && !_folders.Add((facts.Device, facts.Number)))
        {
            notes.Add(ListingNotes.Kind.Repeated, Printable.Of(folder));
            return;
        }

        foreach (var entry in FolderListing.Entries(folder))
        {
            var (path, key) = (Path.Join(folder, entry.Name), within + entry.Name);
            switch (entry.Kind)
            {
                case FileKind.Folder when !entry.IsUtf8: throw FolderListing.NotUtf8(folder, entry.Name);
                case FileKind.Folder: Enter(path, key, depth + 1, isOutside); break;
                case FileKind.Link when entry.IsUtf8: _links.Enqueue((path, key, depth)); break;
                case FileKind.Link or FileKind.File or FileKind.Unknown: Add(path, key, entry.IsUtf8, isOutside); break;
                default: notes.Add(ListingNotes.Kind.Special, Printable.Of(path)); break;
            }
        }
    }

    private void Enter(string folder, string within, int depth, bool isOutside)
    {
        if (depth > MaxDepth) notes.Add(ListingNotes.Kind.Deep, Printable.Of(folder));
        else Visit(folder, $"{within}/", depth, isOutside);
    }

    private void Add(string path, string key, bool isUtf8, bool isOutside)
    {
        if (!FolderListing.IsImage(key)) notes.Ignore(key);
        else if (!isUtf8) _unnamable.Add(path);
        else if (isOutside && !_targets.Add(RealPath.Of(path))) notes.Add(ListingNotes.Kind.Repeated, Printable.Of(path));
        else
        {
            if (isOutside) notes.Add(ListingNotes.Kind.Outside, Printable.Of(path));
            _images.Add(key);
        }
    }

    private void Follow(string path, string key, int depth)
    {
        stop.ThrowIfCancellationRequested();
        if (FileFacts.Of(path) is not { } facts) Missing(path, key);
        else if (facts.Kind is not (FileKind.File or FileKind.Folder)) notes.Add(ListingNotes.Kind.Special, Printable.Of(path));
        else if (facts.Kind == FileKind.File && !FolderListing.IsImage(key)) notes.Ignore(key);
        else if (RealPath.Of(path) is var target && Overlaps(target)) notes.Add(ListingNotes.Kind.Repeated, Printable.Of(path));
        else if (facts.Kind == FileKind.Folder)
        {
            if (LeadsIntoOther(target)) notes.Add(ListingNotes.Kind.Shared, Printable.Of(path));
            Enter(path, key, depth + 1, !RealPath.IsWithin(target, root));
        }
        else if (!_targets.Add(target)) notes.Add(ListingNotes.Kind.Repeated, Printable.Of(path));
        else
        {
            if (LeadsIntoOther(target)) notes.Add(ListingNotes.Kind.Shared, Printable.Of(path));
            if (!RealPath.IsWithin(target, root)) notes.Add(ListingNotes.Kind.Outside, Printable.Of(path));
            _images.Add(key);
        }
    }

    // An image that is gone is reported as every other that cannot be read.
    private void Missing(string path, string key)
    {
        if (FolderListing.IsImage(key)) _images.Add(key);
        else notes.Add(ListingNotes.Kind.Broken, Printable.Of(path));
    }

    private bool LeadsIntoOther(string target) => others.Any(other => RealPath.IsWithin(target, other));

    private bool Overlaps(string target) =>
        others.Any(other => RealPath.IsWithin(other, target))
        || RealPath.IsWithin(target, part) || RealPath.IsWithin(part, target) || RealPath.IsWithin(target, _class) || RealPath.IsWithin(_class, target);
}
