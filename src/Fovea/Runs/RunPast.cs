using Fovea.Recipes;
using Fovea.Training.Checkpoints;
using Fovea.Training.Recipes;

namespace Fovea.Runs;

/// <summary>What an earlier part of a run has left for the next.</summary>
public sealed record RunPast
{
    /// <summary>A beginning, where bad images are not moved.</summary>
    public static RunPast None { get; } = new();

    /// <summary>Whether the run is at its beginning.</summary>
    public bool IsNone => From is null;

    /// <summary>What it goes on from; null at its beginning.</summary>
    public Checkpoint? From { get; init; }

    /// <summary>Where bad images are moved to, if the recipe says so; null for nowhere.</summary>
    public string? Quarantine { get; init; }

    /// <summary>The images that the checkpoint knows to be bad.</summary>
    public IReadOnlyList<string> BadImages { get; init; } = [];

    /// <summary>
    /// These, and those that were moved away after the checkpoint was written. The latter keep their places among the training images, and are
    /// found to be bad once more, where they were: all else follows from that.
    /// </summary>
    public IReadOnlyList<string> Moved { get; init; } = [];

    /// <summary>The past of a run by its checkpoint.</summary>
    /// <param name="checkpoint">Where it goes on; null at its beginning.</param>
    /// <param name="quarantine">Where bad images are moved to, if the recipe says so; null, the default, for nowhere.</param>
    public static RunPast Of(Checkpoint? checkpoint, string? quarantine = null) => checkpoint is null
        ? None with { Quarantine = quarantine }
        : new()
        {
            From = checkpoint,
            Quarantine = quarantine,
            BadImages = checkpoint.State.BadImages,
            Moved = quarantine is null ? checkpoint.State.BadImages : [.. checkpoint.State.BadImages.Union(Data.Sources.Quarantine.Keys(quarantine))],
        };

    /// <summary>The recipe of the run so far; null at its beginning, and where the checkpoint keeps none.</summary>
    /// <param name="kinds">The alternatives that it may name.</param>
    /// <exception cref="RecipeException">The checkpoint's recipe cannot be read.</exception>
    internal TrainRecipe? RecipeSoFar(RecipeKinds kinds) =>
        From is { Facts.Recipe.Length: > 0 } ? RecipeReader.Parse(From.Facts.Recipe, $"{From.Path} (recipe)", kinds) : null;

    /// <summary>A recipe with what the run has found where it leaves that to the machine: precision auto, the largest batch that fits, the epochs of its steps.</summary>
    /// <param name="recipe">The recipe that the run goes on by.</param>
    /// <param name="then">That of the run so far.</param>
    internal static TrainRecipe Found(TrainRecipe recipe, TrainRecipe then) => recipe with
    {
        Train = recipe.Train with
        {
            Precision = recipe.Train.Precision == Precision.Auto ? then.Train.Precision : recipe.Train.Precision,
            BatchSize = recipe.Train.BatchSize == 0 ? then.Train.BatchSize : recipe.Train.BatchSize,
            Epochs = recipe.Train.Steps > 0 ? then.Train.Epochs : recipe.Train.Epochs,
        },
    };
}
