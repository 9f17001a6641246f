using System.Globalization;
using Fovea.Recipes;

namespace Fovea.Import.Foreign;

/// <summary>A recipe that grows: options by their paths, <c>augment.transforms[0].min_scale</c>.</summary>
internal sealed class RecipeDraft
{
    private readonly OrderedDictionary<string, object> _root = new(StringComparer.Ordinal);

    /// <summary>Whether an option has a value.</summary>
    internal bool Has(string path) => path.Split('.') is var steps && Find(_root, steps) is not null;

    /// <summary>Gives an option a value.</summary>
    /// <param name="path">The option.</param>
    /// <param name="value">Its value, as options have it.</param>
    /// <param name="place">Where it comes from, for messages.</param>
    internal void Set(string path, object? value, string place)
    {
        var steps = path.Split('.');
        var at = _root;
        foreach (var step in steps[..^1]) at = Below(at, step);
        at[steps[^1]] = RecipeNodes.Value(value, place);
    }

    /// <summary>Adds an item of a kind to a list; the path of the item.</summary>
    internal string Add(string list, string kind, string place)
    {
        var count = 0;
        while (Has($"{list}[{count}].{RecipeSchema.Kind}")) count++;
        var path = string.Create(CultureInfo.InvariantCulture, $"{list}[{count}]");
        Set($"{path}.{RecipeSchema.Kind}", kind, place);
        return path;
    }

    /// <summary>The recipe, sections in the order of recipes.</summary>
    internal RecipeMap Build(string place)
    {
        var order = RecipeSchema.Keys(typeof(Training.Recipes.TrainRecipe)).Select(key => key.Key).ToList();
        var map = new RecipeMap(place);
        foreach (var (key, value) in _root.OrderBy(entry => order.IndexOf(entry.Key))) map.Set(new(place, key, Node(value, place)));
        return map;
    }

    private static RecipeNode Node(object value, string place)
    {
        if (value is RecipeNode node) return node;
        if (value is List<OrderedDictionary<string, object>> items) return new RecipeList(place, [.. items.Select(item => Node(item, place))]);
        var map = new RecipeMap(place);
        foreach (var (key, below) in (OrderedDictionary<string, object>)value) map.Set(new(Place(below, place), key, Node(below, place)));
        return map;
    }

    private static string Place(object value, string place) => value is RecipeNode node ? node.Place : place;

    private static (string Key, int Index) Step(string step) => step.IndexOf('[', StringComparison.Ordinal) is > 0 and var at
        ? (step[..at], int.Parse(step.AsSpan(at + 1, step.Length - at - 2), NumberStyles.None, CultureInfo.InvariantCulture))
        : (step, -1);

    private static OrderedDictionary<string, object> Below(OrderedDictionary<string, object> at, string step)
    {
        var (key, index) = Step(step);
        if (index < 0)
        {
            if (!at.TryGetValue(key, out var found)) at[key] = found = new OrderedDictionary<string, object>(StringComparer.Ordinal);
            return (OrderedDictionary<string, object>)found;
        }

        if (!at.TryGetValue(key, out var list) || list is not List<OrderedDictionary<string, object>> items)
            at[key] = items = new List<OrderedDictionary<string, object>>();
        if (index == items.Count) items.Add(new(StringComparer.Ordinal));
        return items[index];
    }

    private static object? Find(OrderedDictionary<string, object> at, ReadOnlySpan<string> steps)
    {
        var (key, index) = Step(steps[0]);
        if (!at.TryGetValue(key, out var found)) return null;
        if (index >= 0)
        {
            if (found is not List<OrderedDictionary<string, object>> items || index >= items.Count) return null;
            found = items[index];
        }

        return steps.Length == 1 ? found : found is OrderedDictionary<string, object> map ? Find(map, steps[1..]) : null;
    }
}
