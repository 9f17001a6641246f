using System.Reflection;
using Fovea.Options;
using Fovea.Training.Recipes;

namespace Fovea.Recipes;

/// <summary>One option of a section.</summary>
/// <param name="Key">As a recipe spells it.</param>
/// <param name="Property">Where it is kept.</param>
internal sealed record RecipeKey(string Key, PropertyInfo Property)
{
    internal Type Type => Property.PropertyType;

    /// <summary>Whether the value is a section of its own.</summary>
    internal bool IsSection => RecipeSchema.IsSection(Type);
}

/// <summary>What a recipe may hold, as the option records say: each property that can be set is a key.</summary>
internal static class RecipeSchema
{
    /// <summary>The key that tells alternatives apart.</summary>
    internal const string Kind = "kind";

    internal static bool IsSection(Type type) => type.IsClass && type.Assembly == typeof(TrainRecipe).Assembly;

    /// <summary>The keys of a section in the order of declaration, those of its base first.</summary>
    internal static IReadOnlyList<RecipeKey> Keys(Type section) =>
    [
        .. Lineage(section).Reverse()
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(property => property.CanWrite)
            .Select(property => new RecipeKey(OptionNames.SnakeCase(property.Name), property)),
    ];

    /// <summary>The alternatives of a section by their kind; empty when there is one form only.</summary>
    internal static IReadOnlyList<(string Kind, object Default)> Kinds(Type section)
    {
        if (!section.IsAbstract) return [];
        var all = (System.Collections.IEnumerable)section.GetProperty("Kinds", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        return [.. all.Cast<object>().Select(option => (KindOf(option)!, option))];
    }

    /// <summary>The kind of a value of a section with alternatives, or null.</summary>
    internal static string? KindOf(object section) => section.GetType().GetProperty("Kind")?.GetValue(section) as string;

    /// <summary>The name of a value of an enumeration, as a recipe spells it.</summary>
    internal static string EnumName(object value) => OptionNames.SnakeCase(value.ToString()!);

    /// <summary>The type of the elements of a list, or null when the type is no list.</summary>
    internal static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static IEnumerable<Type> Lineage(Type type)
    {
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType) yield return at;
    }
}
