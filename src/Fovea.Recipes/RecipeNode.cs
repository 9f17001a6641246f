namespace Fovea.Recipes;

/// <summary>A piece of a recipe as it was written, with the place where it stands: <c>configs/x.yaml:12:5</c>, or the flag that set it.</summary>
internal abstract record RecipeNode(string Place);

/// <summary>One word or number.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Text">What stands there.</param>
/// <param name="IsPlain">Whether it is not in quotes.</param>
internal sealed record RecipeScalar(string Place, string Text, bool IsPlain) : RecipeNode(Place)
{
    /// <summary>YAML's ways to write that there is no value.</summary>
    internal bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A sequence.</summary>
internal sealed record RecipeList(string Place, IReadOnlyList<RecipeNode> Items) : RecipeNode(Place);

/// <summary>Keys and values, in their order.</summary>
internal sealed record RecipeMap(string Place) : RecipeNode(Place)
{
    private readonly OrderedDictionary<string, RecipeEntry> _entries = new(StringComparer.Ordinal);

    internal IReadOnlyList<RecipeEntry> Entries => _entries.Values;

    internal RecipeEntry? Find(string key) => _entries.GetValueOrDefault(key);

    /// <summary>Gives a key another value, at the end if it is new.</summary>
    internal void Set(RecipeEntry entry) => _entries[entry.Key] = entry;

    internal void Remove(string key) => _entries.Remove(key);
}

/// <summary>A key with its value.</summary>
/// <param name="Place">Where the key stands.</param>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
internal sealed record RecipeEntry(string Place, string Key, RecipeNode Value);
