using Fovea.Recipes;

namespace Fovea.Import.Foreign;

/// <summary>Turns what stands behind a key into a value of the kind that the key holds.</summary>
internal static class ForeignTyping
{
    private const string None = "None";
    private const int MostNumbers = 10_000;

    /// <summary>Whether a node is a value of the kind; null stands for none where the key has no default.</summary>
    internal static bool TryRead(RecipeNode node, ForeignKey key, out object? value)
    {
        value = null;
        if (node is RecipeScalar { IsNull: true } or RecipeScalar { Text: None })
            return key.Default is null || key.Kind is ForeignKind.Text or ForeignKind.Numbers;
        if (node is RecipeList list)
            return key.Kind == ForeignKind.Numbers ? TryNumbers(list, out value) : key.Kind == ForeignKind.Text && TryWords(list, out value);
        if (node is not RecipeScalar { Text: var text }) return false;
        value = key.Kind switch
        {
            ForeignKind.Text => text,
            ForeignKind.Flag => Truth(text),
            ForeignKind.Whole => LiteralArithmetic.TryNumber(text, out var whole) && whole == Math.Truncate(whole) && Math.Abs(whole) <= int.MaxValue
                ? (int)whole
                : null,
            ForeignKind.Number => LiteralArithmetic.TryNumber(text, out var number) ? number : null,
            ForeignKind.Numbers => LiteralArithmetic.TryNumber(text, out var one) ? new[] { one } : null,
            _ => null,
        };
        return value is not null && (!key.IsPositive || value is not (int and <= 0 or double and not > 0));
    }

    /// <summary>What a key holds, in words.</summary>
    internal static string Wanted(ForeignKey key) => key.Kind switch
    {
        ForeignKind.Whole => key.IsPositive ? "a whole number from 1" : "a whole number",
        ForeignKind.Number => key.IsPositive ? "a number above 0" : "a number",
        ForeignKind.Flag => "true or false",
        ForeignKind.Numbers => "a list of numbers",
        _ => "a word",
    };

    /// <summary>Truths as YAML 1.1 and Python spell them.</summary>
    private static object? Truth(string text) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" => false,
        _ => null,
    };

    /// <summary>Several words as one, with blanks between them.</summary>
    private static bool TryWords(RecipeList list, out object? value)
    {
        value = list.Items.All(item => item is RecipeScalar) ? string.Join(' ', list.Items.Cast<RecipeScalar>().Select(item => item.Text)) : null;
        return value is not null;
    }

    private static bool TryNumbers(RecipeList list, out object? value)
    {
        value = null;
        if (list.Items.Count > MostNumbers) return false;
        var numbers = new double[list.Items.Count];
        for (var i = 0; i < numbers.Length; i++)
            if (list.Items[i] is not RecipeScalar { Text: var text } || !LiteralArithmetic.TryNumber(text, out numbers[i]))
                return false;
        value = numbers;
        return true;
    }
}
