using Fovea.Training.Recipes;

namespace Fovea.Recipes;

/// <summary>What overrides add to lists (<c>augment.transforms[+]=cutmix</c>): the same command line, given twice, shall add it once.</summary>
public static class RecipeAdditions
{
    private const string Mark = "[+]";

    /// <summary>The overrides without those that add an item to a list of a recipe that holds it already.</summary>
    /// <param name="recipe">The recipe, as the overrides have left it once.</param>
    /// <param name="kinds">The alternatives that they may name.</param>
    /// <param name="overrides">What replaces values, in order.</param>
    /// <exception cref="RecipeException">One of them adds what no recipe holds.</exception>
    public static IReadOnlyList<RecipeOverride> Missing(TrainRecipe recipe, RecipeKinds kinds, IReadOnlyList<RecipeOverride> overrides) =>
        [.. overrides.Where(change => !IsThere(recipe, kinds, change))];

    private static bool IsThere(TrainRecipe recipe, RecipeKinds kinds, RecipeOverride change)
    {
        var at = change.Path.IndexOf(Mark, StringComparison.Ordinal);
        if (at < 0 || change.Path[..at].Contains('[', StringComparison.Ordinal)) return false;
        var more = RecipeReader.Parse(RecipeWriter.Write(recipe), change.Source, kinds, change);
        var added = RecipeWriter.Flow(ListOf(more, change.Path[..at]).Items[^1]);
        return ListOf(recipe, change.Path[..at]).Items.Any(item => RecipeWriter.Flow(item) == added);
    }

    private static RecipeList ListOf(TrainRecipe recipe, string path) =>
        (RecipeList)path.Split('.').Aggregate((RecipeNode)RecipeNodes.Section(recipe, ""), (node, key) => ((RecipeMap)node).Find(key)!.Value);
}
