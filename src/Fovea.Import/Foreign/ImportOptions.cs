using Fovea.Recipes;

namespace Fovea.Import.Foreign;

/// <summary>What an import is told beside the file.</summary>
public sealed record ImportOptions
{
    /// <summary>The most cards that may be said.</summary>
    public const int MostCards = 4096;

    /// <summary>
    /// The cards (devices) that the file was written for, 1–4096; default 1. Where batches are those of a card, as many make an update here:
    /// <c>train.accumulate</c>, by which norms see batches of the same size as there.
    /// </summary>
    public int Cards { get; init; } = 1;

    /// <summary>What replaces values of the foreign file before it is translated, in order; default nothing.</summary>
    public IReadOnlyList<RecipeOverride> Changes { get; init; } = [];
}
