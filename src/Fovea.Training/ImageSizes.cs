using Fovea.Training.Batches;
using Fovea.Training.Recipes;
using Fovea.Training.State;
using Fovea.Training.Steps;

namespace Fovea.Training;

/// <summary>Whether the images that a run is given have the sizes that its epochs want.</summary>
internal static class ImageSizes
{
    /// <exception cref="TrainingException">They have not, or do not say it although sizes change.</exception>
    internal static void Check(TrainerOptions options)
    {
        var input = options.Model(1).Variable(TrainingGraph.Images).Shape;
        if (input.Rank != 4 || input.H != input.W) return;
        var (stages, epochs) = (options.Recipe.Data.Progressive, options.Recipe.Train.Epochs);
        for (var epoch = 0; epoch < (stages.Count == 0 ? 1 : epochs); epoch++)
            Check(options.Train, epoch, SizeStage.At(stages, epoch, epochs, input.H), mustSay: stages.Count > 0);
        if (options.Validation is not null) Check(options.Validation, 0, input.H, mustSay: false);
    }

    private static void Check(IBatchSource images, int epoch, int wanted, bool mustSay)
    {
        if (images.ImageSizeAt(epoch) is var size && (size == wanted || (size == 0 && !mustSay))) return;
        var isOneSize = size > 0 && images is LoadedBatches && mustSay;
        throw new TrainingException(
            $"{(mustSay ? "data.progressive: " : "")}epoch {epoch + 1} wants images of {wanted}×{wanted}; the batches "
            + (size > 0 ? $"are of {size}×{size}" : "do not say their size (IBatchSource.ImageSizeAt)")
            + (isOneSize ? "; a SizedBatches opens a loader for each size, as TrainingSetup does" : ""));
    }
}
