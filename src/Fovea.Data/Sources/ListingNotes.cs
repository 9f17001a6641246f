using Fovea.Naming;

namespace Fovea.Data.Sources;

/// <summary>What was passed over, or is worth telling, while folders were listed: each kind once, counted, with an example.</summary>
internal sealed class ListingNotes
{
    private readonly SortedDictionary<string, int> _ignored = new(StringComparer.Ordinal);
    private readonly SortedDictionary<Kind, (int Count, string Example)> _notes = [];

    public enum Kind
    {
        /// <summary>Images that lie outside of the data folder.</summary>
        Outside,

        /// <summary>Links to what is listed anyway, or to other classes.</summary>
        Repeated,

        /// <summary>Links into another part of the data folder.</summary>
        Shared,

        /// <summary>Links that lead nowhere.</summary>
        Broken,

        /// <summary>Folders below the depth limit.</summary>
        Deep,

        /// <summary>FIFOs, sockets and devices.</summary>
        Special,
    }

    /// <summary>Counts a file that is no image by its name.</summary>
    public void Ignore(string name)
    {
        var kind = Path.GetExtension(name) is { Length: > 1 } extension ? Printable.Of(extension.ToLowerInvariant()) : "without extension";
        _ignored[kind] = _ignored.GetValueOrDefault(kind) + 1;
    }

    public void Add(Kind kind, string example) =>
        _notes[kind] = _notes.TryGetValue(kind, out var note) ? (note.Count + 1, note.Example) : (1, example);

    /// <summary>One line on each kind.</summary>
    public IEnumerable<string> Lines(string root)
    {
        if (_ignored.Count > 0)
        {
            var kinds = string.Join(", ", _ignored.Select(kind => $"{kind.Value} {kind.Key}"));
            var files = Amount.Of(
                _ignored.Values.Sum(), "file is no image by its name and is ignored", "files are no images by their names and are ignored");
            yield return $"{Printable.Of(root)}: {files} ({kinds})";
        }

        foreach (var (kind, (count, example)) in _notes) yield return $"{Printable.Of(root)}: {Text(kind, count)} ({example})";
    }

    private static string Are(int count) => count == 1 ? "is" : "are";

    private static string Text(Kind kind, int count) => kind switch
    {
        Kind.Outside => $"{Amount.Of(count, "image lies", "images lie")} outside of this folder, "
            + $"where links lead; {(count == 1 ? "it is" : "they are")} read, but never moved",
        Kind.Repeated => $"{Amount.Of(count, "link leads", "links lead")} to what is read anyway, or to other classes, and {Are(count)} not followed",
        Kind.Shared => $"{Amount.Of(count, "link leads", "links lead")} into another part; images that are trained on say nothing about others",
        Kind.Broken => $"{Amount.Of(count, "link leads", "links lead")} nowhere and {Are(count)} ignored",
        Kind.Deep => $"{Amount.Of(count, "folder lies", "folders lie")} more than {ClassWalk.MaxDepth} deep in a class and {Are(count)} not read",
        _ => $"{Amount.Of(count, "entry is no file but a FIFO, socket or device", "entries are no files but FIFOs, sockets or devices")} "
            + $"and {Are(count)} not opened",
    };
}
