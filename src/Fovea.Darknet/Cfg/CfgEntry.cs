namespace Fovea.Darknet.Cfg;

/// <summary>One <c>key=value</c> of a section, without blanks.</summary>
/// <param name="Key">The key; case counts.</param>
/// <param name="Value">What follows the first equals sign; never empty.</param>
/// <param name="Line">Where it stands, from 1; 0 for one that was not read from a file.</param>
public sealed record CfgEntry(string Key, string Value, int Line)
{
    /// <summary>Whether key and value are equal, wherever they stand.</summary>
    public bool Equals(CfgEntry? other) => other is not null && Key == other.Key && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, Value);
}
