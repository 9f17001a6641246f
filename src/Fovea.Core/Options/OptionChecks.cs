using System.Globalization;
using System.Runtime.CompilerServices;

namespace Fovea.Options;

/// <summary>Collects what is wrong with the options below one path; the path of an option follows from the property that is checked.</summary>
/// <param name="problems">Receives them.</param>
/// <param name="path">What the paths of options begin with: "", or a section and a dot.</param>
/// <param name="unread">Paths of options that are wrong in another way and have been told; none by default.</param>
/// <remarks>Numbers that become float32 are checked as float32: what rounds to the excluded end of a range, or to zero, is out of range.</remarks>
public sealed class OptionChecks(ICollection<OptionProblem> problems, string path = "", IReadOnlySet<string>? unread = null)
{
    /// <summary>The largest scale of rates and bounds.</summary>
    public const double LargestScale = 1e30;

    private const double SmallestScale = 1e-30;

    /// <summary>The checks of a section below this one: <c>augment</c>, <c>transforms[2]</c>.</summary>
    public OptionChecks In(string name) => new(problems, $"{path}{name}.", unread);

    /// <summary>Wants a number from <paramref name="low"/> to <paramref name="high"/>, which says so only where it is too large.</summary>
    public void AtLeast(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        That(value >= low, name, value, $"at least {Text(low)}");
        if (value > high) Fail(name, Text(value), $"at least {Text(low)} and at most {Text(high)}");
    }

    /// <summary>Wants a number above 0, from the smallest scale to <paramref name="high"/>.</summary>
    public void Positive(double value, double high, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        That(value > 0, name, value, "above 0");
        if (value is > 0 and < SmallestScale || value > high) Fail(name, Text(value), $"above 0, from {Text(SmallestScale)} to {Text(high)}");
    }

    /// <summary>Wants 0, or a positive number.</summary>
    public void ZeroOrPositive(double value, double high, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        That(value >= 0, name, value, "at least 0");
        if (value > 0) Positive(value, high, name);
    }

    /// <summary>Wants a number from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public void Within(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "") =>
        That(value >= low && value <= high, name, value, $"{Text(low)} to {Text(high)}");

    /// <summary>Wants a number from <paramref name="low"/> on and below <paramref name="high"/>.</summary>
    public void Below(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value >= low && (float)value < high) return;
        var rounded = value >= low && value < high ? string.Create(CultureInfo.InvariantCulture, $", which is {(float)value:R} in float32") : "";
        Fail(name, $"{Text(value)}{rounded}", $"at least {Text(low)} and below {Text(high)}");
    }

    /// <summary>Wants whole numbers, each larger than the one before, from <paramref name="low"/> on.</summary>
    public void Increasing(IReadOnlyList<int> values, int low, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] >= low && (i == 0 || values[i] > values[i - 1])) continue;
            Fail(name, Text([.. values.Select(value => (double)value)], i), $"whole numbers that increase from at least {low}");
            return;
        }
    }

    /// <summary>Wants <paramref name="count"/> numbers of a range, or none.</summary>
    public void Each(
        IEnumerable<double> values, int count, double low, double high, string wanted, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        var all = values.ToArray();
        if (all.Length == 0) return;
        var wrong = Array.FindIndex(all, value => !(value >= low && value <= high));
        if (all.Length != count || wrong >= 0) Fail(name, Text(all, all.Length == count ? wrong : -1), wanted);
    }

    /// <summary>Whether an option is known to be wrong, so that what follows from its value is not worth telling.</summary>
    /// <param name="name">Its property.</param>
    public bool IsWrong(string name)
    {
        var option = PathOf(name);
        return unread?.Contains(option) == true || problems.Any(problem => problem.Path == option);
    }

    /// <summary>Tells of an option that cannot be used; of each, what is found first.</summary>
    /// <param name="name">Its property.</param>
    /// <param name="value">What it is.</param>
    /// <param name="wanted">What it may be.</param>
    public void Fail(string name, string value, string wanted)
    {
        if (!IsWrong(name)) problems.Add(new(PathOf(name), value, wanted));
    }

    private string PathOf(string name) => $"{path}{OptionNames.SnakeCase(name)}";

    private void That(bool holds, string name, double value, string wanted)
    {
        if (!holds) Fail(name, Text(value), wanted);
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The first numbers of a list, and the one that is wrong; -1 where that is none alone.</summary>
    private static string Text(double[] values, int wrong)
    {
        const int shown = 8;
        var item = wrong < 0 || values.Length == 1 ? "" : $", of which [{wrong}] is {Text(values[wrong])}";
        return $"[{string.Join(", ", values.Take(shown).Select(Text))}{(values.Length > shown ? $", … {values.Length} in all" : "")}]{item}";
    }
}
