using Fovea.Training.Recipes;

namespace Fovea.Auto;

/// <summary>A recipe that was chosen by data and machine, with what was chosen and why.</summary>
/// <remarks>A function of what it is given: the same data, machine and options give the same recipe.</remarks>
public sealed record AutoRecipe
{
    /// <summary>The recipe.</summary>
    public required TrainRecipe Recipe { get; init; }

    /// <summary>What was chosen and why, a line each.</summary>
    public required IReadOnlyList<AutoReason> Reasons { get; init; }

    /// <summary>How long the run takes, about.</summary>
    public required TimeSpan Estimate { get; init; }

    /// <summary>How much a step does for one image, in floating-point operations as <see cref="Machine.OperationsPerSecond"/> counts them.</summary>
    public required double Work { get; init; }

    /// <summary>Chooses a recipe.</summary>
    /// <param name="data">The data.</param>
    /// <param name="machine">The machine that will train.</param>
    /// <param name="options">What is said already; null for nothing.</param>
    /// <exception cref="RecipeException">There are fewer than two classes, no images, or the model cannot take such images.</exception>
    /// <exception cref="Fovea.Models.Building.ModelException">There is no such model.</exception>
    public static AutoRecipe For(DataSummary data, Machine machine, AutoOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(machine);
        Check(data);
        var choice = RunChoice.Of(data, machine, options ?? new());
        var recipe = choice.Recipe();
        return new() { Recipe = recipe, Reasons = [.. choice.Explain(recipe)], Estimate = choice.Estimate, Work = choice.Net.Work };
    }

    private static void Check(DataSummary data)
    {
        if (data.ClassNames.Count < 2)
            throw new RecipeException(
                $"the data have {(data.ClassNames.Count == 1 ? $"1 class, '{data.ClassNames[0]}'" : "no classes")}; wanted at least 2, in a folder each");
        if (data.ClassCounts.Count(count => count > 0) < 2) throw new RecipeException("fewer than two classes have training images; wanted some of each class");
    }
}
