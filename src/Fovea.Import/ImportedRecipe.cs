using Fovea.Import.Foreign;
using Fovea.Training.Recipes;

namespace Fovea.Import;

/// <summary>What became of a foreign file.</summary>
/// <param name="System">The system that it is of.</param>
/// <param name="Text">The recipe as YAML: what the file says and what the system has by default, no more.</param>
/// <param name="Lines">What became of each key, in the order of the file, then of those that it leaves out.</param>
public sealed record ImportedRecipe(ForeignSystem System, string Text, IReadOnlyList<ImportLine> Lines)
{
    /// <summary>The recipe; null where <see cref="Refusals"/> stand against one.</summary>
    public TrainRecipe? Recipe { get; init; }

    /// <summary>The options whose values come of <see cref="ImportOptions.Changes"/>, with these values as YAML; otherwise empty.</summary>
    public IReadOnlyDictionary<string, string> Chosen { get; init; } = new Dictionary<string, string>();

    /// <summary>What is missing here without which there is no recipe, a line each; otherwise empty.</summary>
    public IReadOnlyList<string> Refusals { get; init; } = [];
}
