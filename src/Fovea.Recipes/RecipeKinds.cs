using System.Collections;
using System.Reflection;
using Fovea.Options;

namespace Fovea.Recipes;

/// <summary>The alternatives that recipes may name: those of Fovea, and those that a program adds.</summary>
public sealed class RecipeKinds
{
    private readonly IReadOnlyList<IAlternative> _added;

    private RecipeKinds(IReadOnlyList<IAlternative> added) => _added = added;

    /// <summary>Fovea's own.</summary>
    public static RecipeKinds Default { get; } = new([]);

    /// <summary>These and one more.</summary>
    /// <param name="alternative">With its defaults; its type needs a constructor without parameters.</param>
    /// <exception cref="ArgumentException">There is one of that name already, or no section of a recipe could hold it.</exception>
    public RecipeKinds With(IAlternative alternative)
    {
        ArgumentNullException.ThrowIfNull(alternative);
        var section = RecipeSchema.SectionOf(alternative.GetType());
        if (section is null)
            throw new ArgumentException($"{alternative.GetType().Name} has no abstract base with alternatives, such as an optimizer's", nameof(alternative));
        if (Find(section, alternative.Kind) is not null)
            throw new ArgumentException($"there is a kind '{alternative.Kind}' of {section.Name} already", nameof(alternative));
        return new([.. _added, alternative]);
    }

    /// <summary>The alternatives of a section, each with its defaults; empty where there is one form only.</summary>
    internal IReadOnlyList<IAlternative> Of(Type section)
    {
        if (!section.IsAbstract) return [];
        var own = (IEnumerable)section.GetProperty("Kinds", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        return [.. own.Cast<IAlternative>(), .. _added.Where(section.IsInstanceOfType)];
    }

    /// <summary>The alternative of a name; null where there is none.</summary>
    internal IAlternative? Find(Type section, string kind) => Of(section).FirstOrDefault(alternative => alternative.Kind == kind);
}
