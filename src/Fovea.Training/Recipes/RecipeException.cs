namespace Fovea.Training.Recipes;

/// <summary>Options of a recipe are out of range; the message has a line for each.</summary>
/// <param name="problems">What is wrong; at least one.</param>
public sealed class RecipeException(IReadOnlyList<RecipeProblem> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>What is wrong.</summary>
    public IReadOnlyList<RecipeProblem> Problems { get; } = problems;
}
