using Fovea.Naming;
using Fovea.Training.Recipes;

namespace Fovea.Recipes;

/// <summary>An option in which two recipes differ.</summary>
/// <param name="Key">The option: <c>train.epochs</c>, <c>augment.transforms[1].probability</c>.</param>
/// <param name="Old">Its value in the one, as a recipe spells it; <c>none</c> where the one has no such option.</param>
/// <param name="New">The same of the other.</param>
public sealed record RecipeDifference(string Key, string Old, string New)
{
    private const int LongestValue = 200;
    private const string None = "none";

    /// <summary>All options in which two recipes differ, in the order of a recipe; lists of several lengths are compared as a whole.</summary>
    /// <param name="old">The one recipe.</param>
    /// <param name="now">The other.</param>
    public static IReadOnlyList<RecipeDifference> Between(TrainRecipe old, TrainRecipe now) =>
        [.. Between("", RecipeNodes.Section(old, ""), RecipeNodes.Section(now, ""))];

    /// <summary>As a line has it, long values cut: <c>train.epochs: 10 → 20</c>.</summary>
    public override string ToString() => $"{Key}: {Printable.Line(Old, LongestValue)} → {Printable.Line(New, LongestValue)}";

    private static IEnumerable<RecipeDifference> Between(string path, RecipeNode? old, RecipeNode? now) => (old, now) switch
    {
        (RecipeMap one, RecipeMap other) => one.Entries.Select(entry => entry.Key).Union(other.Entries.Select(entry => entry.Key), StringComparer.Ordinal)
            .SelectMany(key => Between(path.Length == 0 ? key : $"{path}.{key}", one.Find(key)?.Value, other.Find(key)?.Value)),
        (RecipeList one, RecipeList other) when one.Items.Count == other.Items.Count && one.Items.Concat(other.Items).All(item => item is RecipeMap) =>
            one.Items.Zip(other.Items).SelectMany((pair, i) => Between(FormattableString.Invariant($"{path}[{i}]"), pair.First, pair.Second)),
        _ => Spelt(old) is var before && Spelt(now) is var after && before != after ? [new(path, before, after)] : [],
    };

    private static string Spelt(RecipeNode? node) => node is null ? None : RecipeWriter.Flow(node);
}
