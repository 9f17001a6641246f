using Fovea.Options;

namespace Fovea.Training.Losses;

/// <summary>Options with a number for each class.</summary>
internal static class ClassLists
{
    private const double Largest = 1e6;

    /// <summary>Wants a number for each class, or none.</summary>
    internal static void CheckCount(OptionChecks checks, IReadOnlyList<double> numbers, int classes, string name)
    {
        if (numbers.Count > 0 && numbers.Count != classes)
            checks.Fail(name, $"a list of {numbers.Count}", $"{classes} numbers, one for each class of the data");
    }

    /// <summary>Wants numbers of the range of weights, of which not all are 0; how many classes there are is known later.</summary>
    internal static void Check(OptionChecks checks, IReadOnlyList<double> numbers, string name)
    {
        checks.Each(numbers, numbers.Count, 0, Largest, "a number from 0 to 1E+06 for each class", name);
        if (numbers.Count > 0 && numbers.All(number => number == 0)) checks.Fail(name, "nothing but zeros", "a number above 0 for some class");
    }
}
