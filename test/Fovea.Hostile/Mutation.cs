using System.Globalization;

namespace Fovea.Hostile;

/// <summary>Changes a text in places that mean something.</summary>
public static class Mutation
{
    /// <summary>Attributes of a graph's operation, <c>name=value name=value</c>, with one of them changed, missing or twice.</summary>
    public static string OfAttributes(string text, Choices choices)
    {
        if (text.Length == 0) return text;
        var pairs = text.Split(' ').ToList();
        var at = choices.Below(pairs.Count);
        if (choices.Wrong(15)) pairs.RemoveAt(at);
        else if (choices.Wrong(15)) pairs.Add(pairs[at]);
        else pairs[at] = OfPair(pairs[at], choices);
        return string.Join(' ', pairs);
    }

    private static string OfPair(string pair, Choices choices)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = (pair[..(equals + 1)], pair[(equals + 1)..]);
        if (value is "true" or "false") return name + choices.Of("true", "false", "maybe");
        var numbers = value.Split('x');
        if (numbers.Length == 1 && double.TryParse(value, CultureInfo.InvariantCulture, out _) && choices.OneIn(3))
            return name + choices.Fraction().ToString("R", CultureInfo.InvariantCulture);
        if (!long.TryParse(numbers[0], CultureInfo.InvariantCulture, out _)) return choices.OneIn(4) ? name + choices.Name("word") : pair;
        if (choices.Wrong(8)) return name + string.Join('x', numbers.Append("1"));
        var number = choices.OneIn(2) ? choices.Number() : choices.Between(-1, 9);
        numbers[choices.Below(numbers.Length)] = number.ToString(CultureInfo.InvariantCulture);
        return name + string.Join('x', numbers);
    }
}
