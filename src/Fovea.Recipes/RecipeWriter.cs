using System.Globalization;
using System.Text;
using Fovea.Training.Recipes;

namespace Fovea.Recipes;

/// <summary>Writes a recipe with every option, as YAML that <see cref="RecipeReader"/> reads back.</summary>
public static class RecipeWriter
{
    /// <summary>The text.</summary>
    public static string Write(TrainRecipe recipe) => Block(RecipeNodes.Section(recipe, ""));

    /// <summary>A map on lines of its own.</summary>
    internal static string Block(RecipeMap map)
    {
        var text = new StringBuilder();
        foreach (var entry in map.Entries) Entry(text, entry, "");
        return text.ToString();
    }

    /// <summary>A value as a recipe spells it, on one line.</summary>
    /// <exception cref="ArgumentException">Recipes hold no values of the kind.</exception>
    public static string Value(object? value) => Flow(RecipeNodes.Value(value, ""));

    /// <summary>A node on one line.</summary>
    internal static string Flow(RecipeNode node) => node switch
    {
        RecipeScalar { IsPlain: true } scalar => scalar.Text,
        RecipeScalar scalar => Text(scalar.Text),
        RecipeList list => $"[{string.Join(", ", list.Items.Select(Flow))}]",
        RecipeMap map => $"{{{string.Join(", ", map.Entries.Select(entry => $"{entry.Key}: {Flow(entry.Value)}"))}}}",
        _ => throw new ArgumentException($"{node.GetType().Name} has no spelling in a recipe"),
    };

    private static void Entry(StringBuilder text, RecipeEntry entry, string indent)
    {
        text.Append(indent).Append(entry.Key).Append(':');
        if (entry.Value is RecipeMap { Entries.Count: > 0 } map)
        {
            text.Append('\n');
            foreach (var below in map.Entries) Entry(text, below, indent + "  ");
        }
        else if (entry.Value is RecipeList list && list.Items.Any(item => item is RecipeMap))
        {
            text.Append('\n');
            foreach (var item in list.Items) Item(text, item, indent + "  ");
        }
        else
        {
            text.Append(' ').Append(Flow(entry.Value)).Append('\n');
        }
    }

    /// <summary>An item of a list, the first key of a map behind its stroke.</summary>
    private static void Item(StringBuilder text, RecipeNode item, string indent)
    {
        if (item is not RecipeMap { Entries.Count: > 0 } map)
        {
            text.Append(indent).Append("- ").Append(Flow(item)).Append('\n');
            return;
        }

        var start = text.Length;
        foreach (var entry in map.Entries) Entry(text, entry, indent + "  ");
        text[start + indent.Length] = '-';
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
