using Fovea.Training.Recipes;

namespace Fovea.Recipes.Ablations;

/// <summary>One run of a grid.</summary>
/// <param name="Row">Its arrangement.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Recipe">What it trains by.</param>
public sealed record AblationRun(AblationRow Row, ulong Seed, TrainRecipe Recipe)
{
    /// <summary>Its folder below that of the grid, as <c>cutout+mixup/seed-0</c>.</summary>
    public string Folder => FormattableString.Invariant($"{Row.Name}/seed-{Seed}");
}
