using System.Globalization;
using Fovea.Recipes;
using Fovea.Training.Recipes;

namespace Fovea.Import.Foreign;

/// <summary>A recipe that grows: options by their paths, <c>augment.transforms[0].min_scale</c>.</summary>
/// <param name="place">Where sections and lists stand, for messages: the file.</param>
internal sealed class RecipeDraft(string place)
{
    private readonly RecipeMap _root = new(place);

    /// <summary>Whether an option has a value.</summary>
    internal bool Has(string path)
    {
        RecipeNode? at = _root;
        foreach (var step in path.Split('.')) at = Find(at, step);
        return at is not null;
    }

    /// <summary>Gives an option a value.</summary>
    /// <param name="path">The option.</param>
    /// <param name="value">Its value, as options have it.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    internal void Set(string path, object? value, string source)
    {
        var steps = path.Split('.');
        var at = _root;
        foreach (var step in steps[..^1]) at = Below(at, step);
        at.Set(new(source, steps[^1], RecipeNodes.Value(value, source)));
    }

    /// <summary>Adds an item of a kind to a list; the path of the item.</summary>
    internal string Add(string list, string kind, string source)
    {
        var steps = list.Split('.');
        var at = _root;
        foreach (var step in steps[..^1]) at = Below(at, step);
        var path = string.Create(CultureInfo.InvariantCulture, $"{list}[{Items(at, steps[^1]).Count}]");
        Set($"{path}.{RecipeSchema.Kind}", kind, source);
        return path;
    }

    /// <summary>The recipe, sections in the order of recipes.</summary>
    internal RecipeMap Build()
    {
        var order = RecipeSchema.Keys(typeof(TrainRecipe)).Select(key => key.Key).ToList();
        var map = new RecipeMap(place);
        foreach (var entry in _root.Entries.OrderBy(entry => order.IndexOf(entry.Key))) map.Set(entry);
        return map;
    }

    private static (string Key, int Index) Step(string step) => step.IndexOf('[', StringComparison.Ordinal) is > 0 and var at
        ? (step[..at], int.Parse(step.AsSpan(at + 1, step.Length - at - 2), NumberStyles.None, CultureInfo.InvariantCulture))
        : (step, -1);

    private static RecipeNode? Find(RecipeNode? at, string step)
    {
        var (key, index) = Step(step);
        var found = (at as RecipeMap)?.Find(key)?.Value;
        if (index < 0) return found;
        return found is RecipeList list && index < list.Items.Count ? list.Items[index] : null;
    }

    private RecipeMap Below(RecipeMap at, string step)
    {
        var (key, index) = Step(step);
        if (index < 0)
        {
            if (at.Find(key)?.Value is RecipeMap found) return found;
            var section = new RecipeMap(place);
            at.Set(new(place, key, section));
            return section;
        }

        var items = Items(at, key);
        if (index == items.Count) items.Add(new RecipeMap(place));
        return (RecipeMap)items[index];
    }

    /// <summary>The items of a list, which grow; a list that is not there, or was set to an empty one, begins.</summary>
    private List<RecipeNode> Items(RecipeMap at, string key)
    {
        if (at.Find(key)?.Value is RecipeList { Items: List<RecipeNode> { Count: > 0 } found }) return found;
        List<RecipeNode> items = [];
        at.Set(new(place, key, new RecipeList(place, items)));
        return items;
    }
}
