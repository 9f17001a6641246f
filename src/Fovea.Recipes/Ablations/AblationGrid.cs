using Fovea.Training.Recipes;

namespace Fovea.Recipes.Ablations;

/// <summary>A grid of runs: a recipe, tricks that change it, and which of them are on together, each with several seeds.</summary>
/// <remarks>
/// As YAML: <c>base</c>, a file beside the grid or the sections themselves; <c>set</c>, what all runs change of it; <c>tricks</c>, names with what each sets,
/// as <c>KEY=VALUE</c>, a list of such, or sections; <c>rows</c>, see <see cref="AblationArrangement"/>, or lists of names; <c>seeds</c>; <c>score</c>.
/// </remarks>
public sealed record AblationGrid
{
    /// <summary>The name of the row without tricks.</summary>
    internal const string BaseName = "base";

    /// <summary>The file, or what messages call the grid.</summary>
    public required string Source { get; init; }

    /// <summary>The recipe that the tricks change.</summary>
    public required TrainRecipe Base { get; init; }

    /// <summary>The tricks, which are columns of the table; at least one.</summary>
    public required IReadOnlyList<AblationTrick> Tricks { get; init; }

    /// <summary>The arrangements; differences are told to the first.</summary>
    public required IReadOnlyList<AblationRow> Rows { get; init; }

    /// <summary>The seeds of each row; at least one.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Which evaluation of a run counts; default that after its last epoch.</summary>
    public AblationScore Score { get; init; }

    /// <summary>What the runs are trained on, for the tables; null, the default, where that is not known.</summary>
    public AblationData? Data { get; init; }

    /// <summary>Whether tables have the mean accuracy over the classes: by default where those of <see cref="Data"/> are uneven.</summary>
    public bool ShowsMacro
    {
        get => field || Data is { IsUneven: true };
        init;
    }

    /// <summary>All runs: every row with the first seed, then with the next.</summary>
    public required IReadOnlyList<AblationRun> Runs { get; init; }

    /// <summary>The grid of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="changes">What replaces values of the base recipe, after the grid's own <c>set</c>.</param>
    /// <exception cref="RecipeException">
    /// It cannot be read, a key or name is unknown, a trick changes nothing, tricks of one row set the same to different values, or the recipe of a row
    /// cannot be used.
    /// </exception>
    public static AblationGrid Load(string path, params IReadOnlyList<RecipeOverride> changes) =>
        Parse(RecipeReader.Load(path, "grid"), path, changes);

    /// <summary>The grid of a text; <paramref name="file"/> is its name in messages, and the base recipe's path begins in its folder.</summary>
    /// <inheritdoc cref="Load" path="/exception"/>
    public static AblationGrid Parse(string text, string file, params IReadOnlyList<RecipeOverride> changes) => new AblationReader(file, changes).Read(text);
}
