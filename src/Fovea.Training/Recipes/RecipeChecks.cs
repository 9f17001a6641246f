using System.Globalization;
using System.Runtime.CompilerServices;

namespace Fovea.Training.Recipes;

/// <summary>Collects what is wrong with the options below one path; the path of an option follows from the property that is checked.</summary>
/// <remarks>Numbers that become float32 are checked as float32: what rounds to the excluded end of a range, or to zero, is out of range.</remarks>
internal sealed class RecipeChecks(List<RecipeProblem> problems, string path)
{
    /// <summary>The largest scale of rates and bounds.</summary>
    internal const double LargestScale = 1e30;

    private const double SmallestScale = 1e-30;

    internal RecipeChecks In(string name) => new(problems, $"{path}{name}.");

    /// <summary>Wants a number from <paramref name="low"/> to <paramref name="high"/>, which says so only where it is too large.</summary>
    internal void AtLeast(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        That(value >= low, name, value, $"at least {Text(low)}");
        if (value > high) Fail(name, Text(value), $"at least {Text(low)} and at most {Text(high)}");
    }

    /// <summary>Wants a number above 0, from the smallest scale to <paramref name="high"/>.</summary>
    internal void Positive(double value, double high, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        That(value > 0, name, value, "above 0");
        if (value is > 0 and < SmallestScale || value > high) Fail(name, Text(value), $"above 0, from {Text(SmallestScale)} to {Text(high)}");
    }

    /// <summary>Wants 0, or a positive number.</summary>
    internal void ZeroOrPositive(double value, double high, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        That(value >= 0, name, value, "at least 0");
        if (value > 0) Positive(value, high, name);
    }

    internal void Within(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "") =>
        That(value >= low && value <= high, name, value, $"{Text(low)} to {Text(high)}");

    internal void Below(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "") =>
        That(value >= low && (float)value < high, name, value, $"at least {Text(low)} and below {Text(high)}");

    internal void Increasing(IReadOnlyList<int> values, int low, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] >= low && (i == 0 || values[i] > values[i - 1])) continue;
            Fail(name, Text(values.Select(value => (double)value)), $"whole numbers that increase from at least {low}");
            return;
        }
    }

    /// <summary>Wants <paramref name="count"/> numbers of a range, or none.</summary>
    internal void Each(
        IEnumerable<double> values, int count, double low, double high, string wanted, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        var all = values.ToArray();
        if (all.Length > 0 && (all.Length != count || !Array.TrueForAll(all, value => value >= low && value <= high))) Fail(name, Text(all), wanted);
    }

    internal void Fail(string name, string value, string wanted) => problems.Add(new($"{path}{RecipeNames.SnakeCase(name)}", value, wanted));

    private void That(bool holds, string name, double value, string wanted)
    {
        if (!holds) Fail(name, Text(value), wanted);
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The first numbers of a list.</summary>
    private static string Text(IEnumerable<double> values)
    {
        const int shown = 8;
        var all = values.ToArray();
        return $"[{string.Join(", ", all.Take(shown).Select(Text))}{(all.Length > shown ? $", … {all.Length} in all" : "")}]";
    }
}
