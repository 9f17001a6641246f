using Fovea.Options;

namespace Fovea.Training.Recipes;

/// <summary>A recipe cannot be read, or its options are out of range; the message has a line for each problem.</summary>
public sealed class RecipeException : Exception
{
    /// <summary>Options are out of range.</summary>
    /// <param name="problems">What is wrong; at least one.</param>
    public RecipeException(IReadOnlyList<OptionProblem> problems)
        : base(string.Join('\n', problems)) => Problems = problems;

    /// <summary>A text is no recipe.</summary>
    /// <param name="message">Where, what it is and what was wanted; a line for each problem.</param>
    /// <param name="inner">What failed.</param>
    public RecipeException(string message, Exception? inner = null)
        : base(message, inner) => Problems = [];

    /// <summary>Which options are out of range; none where the text itself is no recipe.</summary>
    public IReadOnlyList<OptionProblem> Problems { get; }
}
