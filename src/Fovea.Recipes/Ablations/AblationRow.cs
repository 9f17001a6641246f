namespace Fovea.Recipes.Ablations;

/// <summary>An arrangement of tricks: a row of the table.</summary>
/// <param name="Tricks">The tricks that are on, in the order of the grid.</param>
public sealed record AblationRow(IReadOnlyList<AblationTrick> Tricks)
{
    /// <summary>The names of the tricks with <c>+</c> between them; <c>base</c> where there are none.</summary>
    public string Name => Tricks.Count == 0 ? AblationGrid.BaseName : string.Join('+', Tricks.Select(trick => trick.Name));

    /// <summary>What the tricks set: what replaces whole sections and lists first, otherwise in their order.</summary>
    public IReadOnlyList<RecipeOverride> Changes =>
        [.. Tricks.SelectMany(trick => trick.Changes).OrderBy(change => change.Path.Count(c => c == '.')).ThenBy(change => change.Path.EndsWith(']'))];

    /// <summary>Where a trick that is on says something of a section; the last place, null where none does.</summary>
    /// <param name="section">The section: <c>model</c>.</param>
    public string? PlaceOf(string section) =>
        Changes.LastOrDefault(change => change.Path == section || change.Path.StartsWith($"{section}.", StringComparison.Ordinal))?.Source;

    /// <summary>Whether a trick is on.</summary>
    public bool Has(AblationTrick trick) => Tricks.Contains(trick);
}
