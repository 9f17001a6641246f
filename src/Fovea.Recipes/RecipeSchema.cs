using System.Reflection;
using Fovea.Options;

namespace Fovea.Recipes;

/// <summary>One option of a section.</summary>
/// <param name="Key">As a recipe spells it.</param>
/// <param name="Property">Where it is kept.</param>
internal sealed record RecipeKey(string Key, PropertyInfo Property)
{
    internal Type Type => Property.PropertyType;

    /// <summary>The section that the option is, or that each item of its list is; null where it holds values.</summary>
    internal Type? Section => RecipeSchema.IsSection(Type) ? Type : RecipeSchema.ElementOf(Type) is { } element && RecipeSchema.IsSection(element) ? element : null;

    /// <summary>Whether the option may be null.</summary>
    internal bool IsNullable =>
        Nullable.GetUnderlyingType(Type) is not null || new NullabilityInfoContext().Create(Property).WriteState == NullabilityState.Nullable;
}

/// <summary>What a recipe may hold, as the option records say: each property that can be set from outside is a key.</summary>
internal static class RecipeSchema
{
    /// <summary>The key that tells alternatives apart.</summary>
    internal const string Kind = "kind";

    internal static bool IsSection(Type type) => typeof(IOptions).IsAssignableFrom(type);

    /// <summary>The section whose alternatives a type belongs to; null where it is none.</summary>
    internal static Type? SectionOf(Type alternative) =>
        Lineage(alternative).FirstOrDefault(type => type.IsAbstract && type.GetProperty("Kinds", BindingFlags.Public | BindingFlags.Static) is not null);

    /// <summary>The keys of a section in the order of declaration, those of its base first.</summary>
    internal static IReadOnlyList<RecipeKey> Keys(Type section) =>
    [
        .. Lineage(section).Reverse()
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(property => property.SetMethod is { IsPublic: true })
            .Select(property => new RecipeKey(OptionNames.SnakeCase(property.Name), property)),
    ];

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
