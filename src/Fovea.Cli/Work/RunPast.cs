using Fovea.Training.Checkpoints;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Work;

/// <summary>What an earlier part of a run has left for the next.</summary>
internal sealed record RunPast
{
    /// <summary>A beginning, where bad images are not moved.</summary>
    internal static RunPast None { get; } = new() { IsNone = true };

    /// <summary>Whether the run is at its beginning.</summary>
    internal bool IsNone { get; private init; }

    /// <summary>The checkpoint that is gone on from; null at the beginning.</summary>
    internal Checkpoint? From { get; init; }

    /// <summary>Where bad images are moved to, if the recipe says so; null for nowhere.</summary>
    internal string? Quarantine { get; init; }

    /// <summary>The images that the checkpoint knows to be bad.</summary>
    internal IReadOnlyList<string> BadImages { get; init; } = [];

    /// <summary>
    /// These, and those that were moved away after the checkpoint was written. The latter keep their places among the training images, and are
    /// found to be bad once more, where they were: all else follows from that.
    /// </summary>
    internal IReadOnlyList<string> Moved { get; init; } = [];

    /// <summary>Finds the arithmetic that the run has begun with; null at its beginning.</summary>
    internal Func<Precision>? Precision { get; init; }

    /// <summary>The past of a run by its checkpoint.</summary>
    /// <param name="checkpoint">Where it goes on; null at its beginning.</param>
    /// <param name="quarantine">Where bad images are moved to.</param>
    /// <param name="recipe">Reads the recipe that the run has begun with.</param>
    internal static RunPast Of(Checkpoint? checkpoint, string quarantine, Func<TrainRecipe> recipe) => checkpoint is null
        ? None with { Quarantine = quarantine }
        : new()
        {
            From = checkpoint,
            Quarantine = quarantine,
            BadImages = checkpoint.State.BadImages,
            Moved = [.. checkpoint.State.BadImages.Union(Data.Sources.Quarantine.Keys(quarantine))],
            Precision = () => recipe().Train.Precision,
        };
}
