using System.Collections;
using System.Globalization;
using System.Text;
using Fovea.Training.Recipes;

namespace Fovea.Recipes;

/// <summary>Writes a recipe with every option, as YAML that <see cref="RecipeReader"/> reads back.</summary>
public static class RecipeWriter
{
    /// <summary>The text.</summary>
    public static string Write(TrainRecipe recipe)
    {
        var text = new StringBuilder();
        foreach (var key in RecipeSchema.Keys(typeof(TrainRecipe))) Section(text, key.Key, key.Property.GetValue(recipe)!);
        return text.ToString();
    }

    /// <summary>A value as a recipe spells it.</summary>
    /// <exception cref="ArgumentException">Recipes hold no values of the kind.</exception>
    public static string Value(object? value) => value switch
    {
        null => "null",
        string text => Text(text),
        bool truth => truth ? "true" : "false",
        Enum name => RecipeSchema.EnumName(name),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Value))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{value.GetType().Name} has no spelling in a recipe"),
    };

    private static void Section(StringBuilder text, string name, object section)
    {
        text.Append(name).Append(":\n");
        if (RecipeSchema.KindOf(section) is { } kind) text.Append("  ").Append(RecipeSchema.Kind).Append(": ").Append(kind).Append('\n');
        foreach (var key in RecipeSchema.Keys(section.GetType()))
            text.Append("  ").Append(key.Key).Append(": ").Append(Value(key.Property.GetValue(section))).Append('\n');
    }

    /// <summary>Plain where no reader could take it for anything else, otherwise in double quotes.</summary>
    private static string Text(string text)
    {
        var isPlain = text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/')
            && text.ToLowerInvariant() is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off");
        if (isPlain) return text;
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (char.IsControl(c)) quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            else quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
