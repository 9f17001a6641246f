namespace Fovea.Darknet.Cfg;

/// <summary>A section of a cfg: the network's options, or a layer.</summary>
/// <param name="Name">What stands between its brackets.</param>
/// <param name="Entries">Its entries in the order of the file, those included that an earlier one of the same key makes void.</param>
/// <param name="Line">Where its name stands, from 1; 0 for one that was not read from a file.</param>
public sealed record CfgSection(string Name, IReadOnlyList<CfgEntry> Entries, int Line = 0)
{
    /// <summary>The section with a value for a key: in place of the first such entry, or behind all others.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    public CfgSection With(string key, string value)
    {
        var at = Entries.Index().FirstOrDefault(entry => entry.Item.Key == key, (Index: Entries.Count, Item: new CfgEntry(key, value, Line))).Index;
        return this with { Entries = [.. Entries.Take(at), new CfgEntry(key, value, at < Entries.Count ? Entries[at].Line : Line), .. Entries.Skip(at + 1)] };
    }

    /// <summary>Whether name and entries are equal, wherever they stand.</summary>
    public bool Equals(CfgSection? other) => other is not null && Name == other.Name && Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Entries.Count);
}
