using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Execution;
using Fovea.Formats.Artefact;
using Fovea.Naming;
using Fovea.Training.Evaluation;
using Fovea.Training.Losses;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;

namespace Fovea.Cli.Work;

/// <summary>The teacher that a recipe names: a shipped model, or the best checkpoint of a run.</summary>
internal static class TeacherModel
{
    /// <summary>The teacher of a run, compiled; null where the recipe names none.</summary>
    /// <param name="recipe">The recipe, resolved.</param>
    /// <param name="classes">The classes of the data.</param>
    /// <param name="backend">What runs the teacher.</param>
    /// <param name="batchSize">The size of full batches.</param>
    /// <param name="report">Told when another checkpoint has to be used.</param>
    /// <exception cref="UsageException">There is no such model, or it does not take and tell what the student does.</exception>
    internal static ModelTeacher? Of(TrainRecipe recipe, IReadOnlyList<string> classes, IBackend backend, int batchSize, Report report)
    {
        if (recipe.Loss is not DistillationOptions { Teacher: { Length: > 0 } path }) return null;
        var source = path.EndsWith(FoveaFile.Extension, StringComparison.OrdinalIgnoreCase) ? ShippedModel.Load(path) : RunModel.Load(path, "best", report);
        var (theirs, ours) = (source.Preprocessing, recipe.Preprocessing);
        var where = $"loss.teacher {Printable.Of(path)}";
        if (source.Classes is { } known && !known.SequenceEqual(classes, StringComparer.Ordinal))
            throw new UsageException($"{where}: its {known.Count} classes are others than the {classes.Count} of the data; wanted the same in the same order");
        if (source.ClassCount != classes.Count)
            throw new UsageException($"{where}: it has {source.ClassCount} classes, the data have {classes.Count}; wanted as many");
        if ((theirs.Height, theirs.Width, theirs.Channels) != (ours.Height, ours.Width, ours.Channels))
            throw new UsageException($"{where}: it takes {theirs.Channels}×{theirs} images, the student {ours.Channels}×{ours}; wanted the same (data.image_size)");
        if (!theirs.Mean.SequenceEqual(ours.Mean) || !theirs.Std.SequenceEqual(ours.Std))
            throw new UsageException(
                $"{where}: its images are normalised by mean [{string.Join(", ", theirs.Mean)}] and std [{string.Join(", ", theirs.Std)}]; "
                + "wanted the same of the student (data.mean, data.std)");
        return new(backend, count => source.Graph(count).In(recipe.Train.Precision), source.Tensors, batchSize);
    }
}
