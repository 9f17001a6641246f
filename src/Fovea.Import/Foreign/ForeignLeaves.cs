using System.Globalization;
using Fovea.Recipes;

namespace Fovea.Import.Foreign;

/// <summary>All keys of a file that have values of their own, in its order; those below a path are found without a walk through all.</summary>
internal sealed class ForeignLeaves
{
    private readonly List<ForeignLeaf> _all = [];

    /// <summary>Of each path the leaves at it and below it, which stand together; of a path that two keys spell, as with a dot in one, several parts.</summary>
    private readonly Dictionary<string, List<Range>> _below = new(StringComparer.Ordinal);

    internal ForeignLeaves(RecipeMap root)
    {
        foreach (var entry in root.Entries) Add(entry.Key, entry.Place, entry.Value);
    }

    internal IReadOnlyList<ForeignLeaf> All => _all;

    /// <summary>The leaves at a path and below it.</summary>
    internal IEnumerable<ForeignLeaf> Below(string path) =>
        _below.TryGetValue(path, out var parts) ? parts.SelectMany(part => _all.Take(part)) : [];

    private void Add(string path, string place, RecipeNode value)
    {
        var start = _all.Count;
        if (value is RecipeMap { Entries.Count: > 0 } map)
            foreach (var entry in map.Entries) Add($"{path}.{entry.Key}", entry.Place, entry.Value);
        else if (value is RecipeList list && list.Items.Any(item => item is RecipeMap))
            foreach (var (i, item) in list.Items.Index()) Add(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), item.Place, item);
        else _all.Add(new(path, place, value));
        if (!_below.TryGetValue(path, out var parts)) _below[path] = parts = [];
        parts.Add(start.._all.Count);
    }
}
