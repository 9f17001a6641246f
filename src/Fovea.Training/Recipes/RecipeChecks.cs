using System.Globalization;
using System.Runtime.CompilerServices;

namespace Fovea.Training.Recipes;

/// <summary>Collects what is wrong with the options below one path; the path of an option follows from the property that is checked.</summary>
internal sealed class RecipeChecks(List<RecipeProblem> problems, string path)
{
    internal RecipeChecks In(string name) => new(problems, $"{path}{name}.");

    internal void AtLeast(double value, double low, [CallerArgumentExpression(nameof(value))] string name = "") =>
        That(double.IsFinite(value) && value >= low, name, value, $"at least {Text(low)}");

    internal void Above(double value, double low, [CallerArgumentExpression(nameof(value))] string name = "") =>
        That(double.IsFinite(value) && value > low, name, value, $"above {Text(low)}");

    internal void Within(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "") =>
        That(value >= low && value <= high, name, value, $"{Text(low)} to {Text(high)}");

    internal void Below(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "") =>
        That(value >= low && value < high, name, value, $"at least {Text(low)} and below {Text(high)}");

    internal void Increasing(IReadOnlyList<int> values, int low, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] >= low && (i == 0 || values[i] > values[i - 1])) continue;
            Fail(name, $"[{string.Join(", ", values)}]", $"whole numbers that increase from at least {low}");
            return;
        }
    }

    internal void Fail(string name, string value, string wanted) => problems.Add(new($"{path}{RecipeNames.SnakeCase(name)}", value, wanted));

    private void That(bool holds, string name, double value, string wanted)
    {
        if (!holds) Fail(name, Text(value), wanted);
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
