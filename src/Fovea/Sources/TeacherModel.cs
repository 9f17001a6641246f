using Fovea.Execution;
using Fovea.Images;
using Fovea.Naming;
using Fovea.Training.Evaluation;
using Fovea.Training.Losses;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;

namespace Fovea.Sources;

/// <summary>The teacher that a recipe names: a model from any source.</summary>
public static class TeacherModel
{
    /// <summary>The teacher of a run, compiled; null where the recipe names none.</summary>
    /// <param name="recipe">The recipe, resolved.</param>
    /// <param name="classes">The classes of the data.</param>
    /// <param name="backend">What runs the teacher.</param>
    /// <param name="batchSize">The size of full batches.</param>
    /// <param name="options">Whom to tell what was done; the defaults if null.</param>
    /// <exception cref="ModelSourceException">There is no such model, or it does not take and tell what the student does.</exception>
    public static ModelTeacher? Of(
        TrainRecipe recipe, IReadOnlyList<string> classes, IBackend backend, int batchSize, LoadOptions? options = null)
    {
        if (recipe.Loss is not DistillationOptions { Teacher: { Length: > 0 } place } loss) return null;
        var (where, kind) = ($"loss.teacher {Printable.Of(place)}", ModelSource.Of(place));
        if (kind.IsDescribed && loss.TeacherWeights.Length == 0)
            throw new ModelSourceException($"{where}: is a name in the catalogue, without weights; wanted loss.teacher_weights, or a model with weights");
        if (!kind.IsDescribed && loss.TeacherWeights.Length > 0)
            throw new ModelSourceException($"{where}: has weights of its own; loss.teacher_weights goes with a name in the catalogue only");
        var model = kind.Load(place, (options ?? new()) with { Weights = loss.TeacherWeights });
        var ours = recipe.Preprocessing;
        if (model.Classes is { } known && (known.Count != classes.Count || known.Except(classes).Any()))
            throw new ModelSourceException($"{where}: its {Amount.Of(known.Count, "class")} are others than the {classes.Count} of the data; wanted the same");
        if (model.ClassCount != classes.Count)
            throw new ModelSourceException($"{where}: it has {Amount.Of(model.ClassCount, "class")}, the data have {classes.Count}; wanted as many");
        model = Resized(model.ForClasses(classes), ours, where);
        var theirs = model.Preprocessing;
        if (!theirs.Mean.SequenceEqual(ours.Mean) || !theirs.Std.SequenceEqual(ours.Std))
            throw new ModelSourceException(
                $"{where}: its images are normalised by mean [{string.Join(", ", theirs.Mean)}] and std [{string.Join(", ", theirs.Std)}]; "
                + "wanted the same of the student (data.mean, data.std)");
        return new(backend, count => model.Graph(count).In(recipe.Train.Precision), model.Tensors, batchSize);
    }

    /// <summary>The teacher for images of the student's size, where it can take them.</summary>
    private static LoadedModel Resized(LoadedModel model, Preprocessing ours, string where)
    {
        var theirs = model.Preprocessing;
        if ((theirs.Height, theirs.Width, theirs.Channels) == (ours.Height, ours.Width, ours.Channels)) return model;
        try
        {
            if (theirs.Channels == ours.Channels) return model.Prepared(new() { ImageSize = ours.Height });
        }
        catch (ModelSourceException e)
        {
            throw new ModelSourceException($"{where}: it takes {theirs.Height}×{theirs.Width} images, the student {ours.Height}×{ours.Width}: {e.Message}", e);
        }

        throw new ModelSourceException($"{where}: it takes images of {theirs.Channels} channels, the student of {ours.Channels}; wanted the same (data.mean)");
    }
}
