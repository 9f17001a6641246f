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
    /// <summary>The teacher of a run, for images of the student's size; null where the recipe names none.</summary>
    /// <param name="recipe">The recipe, resolved.</param>
    /// <param name="classes">The classes of the data.</param>
    /// <param name="options">Whom to tell what was done; the defaults if null.</param>
    /// <exception cref="ModelSourceException">There is no such model, or it does not take and tell what the student does.</exception>
    public static LoadedModel? Of(TrainRecipe recipe, IReadOnlyList<string> classes, LoadOptions? options = null)
    {
        if (recipe.Loss is not DistillationOptions { Teacher: { Length: > 0 } place } loss) return null;
        var where = $"{recipe.Places.Before("loss.teacher")}loss.teacher {Printable.Of(place)}";
        var model = Read(loss, where, options ?? new());
        var ours = recipe.Preprocessing;
        if (model.Classes is { } known && (known.Count != classes.Count || known.Except(classes).Any()))
            throw new ModelSourceException($"{where}: its {Amount.Of(known.Count, "class")} are others than the {classes.Count} of the data; wanted the same");
        if (model.ClassCount != classes.Count)
            throw new ModelSourceException($"{where}: it has {Amount.Of(model.ClassCount, "class")}, the data have {classes.Count}; wanted as many");
        model = Resized(model.ForClasses(classes), ours, where);
        foreach (var size in Enumerable.Range(0, recipe.Train.Epochs).Select(recipe.ImageSizeAt).Distinct())
            Resized(model, ours with { Height = size, Width = size }, where);
        var theirs = model.Preprocessing;
        if (!theirs.Mean.SequenceEqual(ours.Mean) || !theirs.Std.SequenceEqual(ours.Std))
            throw new ModelSourceException(
                $"{where}: its images are normalised by mean [{string.Join(", ", theirs.Mean)}] and std [{string.Join(", ", theirs.Std)}]; "
                + "wanted the same of the student (data.mean, data.std)");
        return model;
    }

    /// <summary>The teacher, compiled.</summary>
    /// <param name="model">What <see cref="Of"/> gave.</param>
    /// <param name="precision">The arithmetic.</param>
    /// <param name="backend">What runs it.</param>
    /// <param name="batchSize">The size of full batches.</param>
    public static ModelTeacher Compile(LoadedModel model, Precision precision, IBackend backend, int batchSize) => new(
        backend, count => model.Graph(count).In(precision), model.Tensors, batchSize,
        (count, side) => model.Build(new(count, side, side, model.NewClasses)).In(precision));

    private static LoadedModel Read(DistillationOptions loss, string where, LoadOptions options)
    {
        try
        {
            var kind = ModelSource.Of(loss.Teacher);
            if (kind.IsDescribed && loss.TeacherWeights.Length == 0)
                throw new ModelSourceException("is a name in the catalogue, without weights; wanted loss.teacher_weights, or a model with weights");
            if (!kind.IsDescribed && loss.TeacherWeights.Length > 0)
                throw new ModelSourceException("has weights of its own; loss.teacher_weights goes with a name in the catalogue only");
            return kind.Load(loss.Teacher, options with { Weights = loss.TeacherWeights });
        }
        catch (ModelSourceException e)
        {
            throw new ModelSourceException($"{where}: {e.Message}", e);
        }
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
