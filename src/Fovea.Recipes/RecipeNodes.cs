using System.Collections;
using System.Globalization;
using Fovea.Options;

namespace Fovea.Recipes;

/// <summary>Turns options into the nodes that a recipe with all of them has.</summary>
internal static class RecipeNodes
{
    /// <summary>A section with every option, its kind first.</summary>
    internal static RecipeMap Section(object section, string place)
    {
        var map = new RecipeMap(place);
        if (section is IAlternative { Kind: var kind }) map.Set(new(place, RecipeSchema.Kind, new RecipeScalar(place, kind, IsPlain: true)));
        foreach (var key in RecipeSchema.Keys(section.GetType())) map.Set(new(place, key.Key, Value(key.Property.GetValue(section), place)));
        return map;
    }

    /// <summary>A value of an option.</summary>
    /// <exception cref="ArgumentException">Recipes hold no values of the kind.</exception>
    internal static RecipeNode Value(object? value, string place) => value switch
    {
        null => new RecipeScalar(place, "null", IsPlain: true),
        string text => new RecipeScalar(place, text, IsPlain: false),
        bool truth => new RecipeScalar(place, truth ? "true" : "false", IsPlain: true),
        Enum name => new RecipeScalar(place, RecipeSchema.EnumName(name), IsPlain: true),
        IOptions section => Section(section, place),
        IEnumerable list => new RecipeList(place, [.. list.Cast<object?>().Select(item => Value(item, place))]),
        IFormattable number => new RecipeScalar(place, number.ToString(null, CultureInfo.InvariantCulture), IsPlain: true),
        _ => throw new ArgumentException($"{value.GetType().Name} has no spelling in a recipe"),
    };
}
