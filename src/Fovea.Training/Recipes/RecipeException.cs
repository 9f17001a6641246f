using Fovea.Naming;
using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>A recipe cannot be read, or its options are out of range; the message has a line for each problem.</summary>
public sealed class RecipeException : Exception
{
    private const int LongestValue = 200;

    /// <summary>Options are out of range, or do not go with model or data.</summary>
    /// <param name="problems">What is wrong; at least one.</param>
    /// <param name="places">Where the options were written; null, the default, where that is not known.</param>
    public RecipeException(IReadOnlyList<OptionProblem> problems, OptionPlaces? places = null)
        : base(string.Join('\n', problems.Select(problem => Line(problem, places ?? OptionPlaces.None)))) => Problems = problems;

    /// <summary>A text is no recipe.</summary>
    /// <param name="message">Where, what it is and what was wanted; a line for each problem.</param>
    /// <param name="inner">What failed.</param>
    public RecipeException(string message, Exception? inner = null)
        : base(message, inner) => Problems = [];

    /// <summary>Which options are out of range; none where the text itself is no recipe.</summary>
    public IReadOnlyList<OptionProblem> Problems { get; }

    /// <summary>A problem as the message tells it.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="places">Where the options were written.</param>
    public static string Line(OptionProblem problem, OptionPlaces places)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(places);
        return places.Of(problem.Path) is { Length: > 0 } place
            ? $"{place}: {problem.Path} is {Printable.Line(problem.Value, LongestValue)}; wanted {problem.Wanted}"
            : problem.ToString();
    }
}
