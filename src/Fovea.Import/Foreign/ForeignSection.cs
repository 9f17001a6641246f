using System.Globalization;
using Fovea.Naming;
using Fovea.Recipes;

namespace Fovea.Import.Foreign;

/// <summary>A map of a foreign file, read by the table of keys that the system has there: unknown keys and values of the wrong kind are told.</summary>
internal sealed class ForeignSection
{
    private const int LongestShown = 60;

    private readonly Translation _translation;
    private readonly Dictionary<string, ForeignValue> _values = new(StringComparer.Ordinal);
    private readonly RecipeMap? _map;

    /// <param name="translation">The import.</param>
    /// <param name="path">Where the map stands; "" for the whole file.</param>
    /// <param name="map">The map; null where the file has none.</param>
    /// <param name="keys">The keys that it may have.</param>
    internal ForeignSection(Translation translation, string path, RecipeMap? map, IReadOnlyList<ForeignKey> keys)
    {
        (_translation, Path, _map) = (translation, path, map);
        foreach (var key in keys) _values[key.Name] = new(key, Join(key.Name), "", key.Default);
        foreach (var entry in map?.Entries ?? []) Read(entry, keys);
    }

    /// <summary>Where the map stands.</summary>
    internal string Path { get; }

    /// <summary>The value of a key of the table.</summary>
    internal ForeignValue this[string key] => _values[key];

    /// <summary>Whether the file has the section.</summary>
    internal bool IsGiven => _map is not null;

    /// <summary>The map below a key, by its own table.</summary>
    internal ForeignSection Below(string key, IReadOnlyList<ForeignKey> keys) => new(_translation, Join(key), Map(key), keys);

    /// <summary>The map below a key; null where there is none.</summary>
    internal RecipeMap? Map(string key)
    {
        var entry = _map?.Find(key);
        if (entry?.Value is RecipeMap map) return map;
        if (entry?.Value is not (null or RecipeScalar { IsNull: true }))
            _translation.Problem(entry.Place, $"{Join(key)} is no section; wanted keys below it");
        return null;
    }

    /// <summary>The items of a list of maps with one key each, as <c>- CELoss: {weight: 1.0}</c>: their paths, names and maps; null for an empty one.</summary>
    internal IEnumerable<(string Path, ForeignValue Name, RecipeMap? Map)> Items(string key)
    {
        if (_map?.Find(key) is not { } entry || entry.Value is RecipeScalar { IsNull: true }) yield break;
        if (entry.Value is not RecipeList list)
        {
            _translation.Problem(entry.Place, $"{Join(key)} is no list; wanted items as '- Name: {{…}}'");
            yield break;
        }

        foreach (var (i, item) in list.Items.Index())
        {
            if (item is not RecipeMap { Entries: [var only] } || only.Value is not (RecipeMap or RecipeScalar { IsNull: true }))
            {
                _translation.Problem(item.Place, string.Create(CultureInfo.InvariantCulture, $"{Join(key)}[{i}] is no item as '- Name: {{…}}'"));
                continue;
            }

            var path = string.Create(CultureInfo.InvariantCulture, $"{Join(key)}[{i}].{only.Key}");
            yield return (path, new(ForeignKey.Text(only.Key), path, only.Place, only.Key), IsEmpty(only.Value) ? null : only.Value as RecipeMap);
        }
    }

    /// <summary>Answers all keys here that are left: with these values the system reads them no more.</summary>
    internal void Rest(string why)
    {
        foreach (var value in _values.Values.Where(value => value.IsGiven && value.Key.Kind != ForeignKind.Section))
            _translation.Rest(value.Path, ImportOutcome.Meaningless, why);
    }

    private string Join(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    private void Read(RecipeEntry entry, IReadOnlyList<ForeignKey> keys)
    {
        if (!_values.TryGetValue(entry.Key, out var known))
        {
            _translation.Problem(entry.Place, () => Unknown(entry.Key, keys));
            _translation.Rest(Join(entry.Key), ImportOutcome.Impossible, "unknown");
            return;
        }

        var value = known with { Place = entry.Place };
        if (known.Key.Kind == ForeignKind.Section)
        {
            if (IsEmpty(entry.Value)) _translation.Rest(known.Path, ImportOutcome.Meaningless, "it is empty");
            return;
        }

        if (known.Key.Kind == ForeignKind.Anything) _translation.Rest(value.Path, ImportOutcome.Meaningless, known.Key.Meaningless);
        else if (ForeignTyping.TryRead(entry.Value, known.Key, out var read)) value = value with { Value = read };
        else
            _translation.Problem(
                entry.Value.Place,
                () => $"{value.Path} is '{Printable.Short(RecipeWriter.Flow(entry.Value), LongestShown)}'; wanted {ForeignTyping.Wanted(known.Key)}");
        _values[entry.Key] = value;
    }

    private string Unknown(string key, IReadOnlyList<ForeignKey> keys)
    {
        var where = Path.Length == 0 ? "" : $" in {Path}";
        return $"unknown key '{Printable.Line(key, LongestShown)}'{where}{NearestName.Hint(key, keys.Select(known => known.Name))}";
    }

    private static bool IsEmpty(RecipeNode node) => node is RecipeMap { Entries.Count: 0 } or RecipeList { Items.Count: 0 } or RecipeScalar { IsNull: true };
}
