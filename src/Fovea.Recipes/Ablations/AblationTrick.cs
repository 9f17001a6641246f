namespace Fovea.Recipes.Ablations;

/// <summary>A change of a recipe that has a name and is either made or not.</summary>
/// <param name="Name">The name.</param>
/// <param name="Changes">What it sets, in order.</param>
public sealed record AblationTrick(string Name, IReadOnlyList<RecipeOverride> Changes);
