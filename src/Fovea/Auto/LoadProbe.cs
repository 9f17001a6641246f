using System.Diagnostics;
using Fovea.Data.Batching;
using Fovea.Data.Sampling;
using Fovea.Data.Sources;
using Fovea.Training.Recipes;

namespace Fovea.Auto;

/// <summary>Measures what it takes to make images ready for a step, by loading some.</summary>
public static class LoadProbe
{
    private const int MostImages = 256;
    private const int BatchSize = 8;

    /// <summary>Loads images of a set as a recipe trains on them, spread evenly over it: a few to warm up, then some anew, then the same from memory.</summary>
    /// <param name="recipe">The recipe, its image size decided.</param>
    /// <param name="images">The images to train on.</param>
    /// <param name="most">How long either is measured, about; one batch at least.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static LoadTimes Of(TrainRecipe recipe, IImageSource images, TimeSpan most, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(images);
        var options = recipe.TrainingLoader() with
        {
            BatchSize = Math.Min(BatchSize, images.Count), DropLast = false, BadImages = BadImagePolicy.Skip,
            Mixing = [], Repeats = 1, Sampler = new UniformSampler(),
        };
        var few = new ImageSelection(images, Spread(images.Count, Math.Min(images.Count, MostImages)));
        using var anew = new BatchLoader(few, recipe.TrainingPipeline, options with { Cache = CacheMode.None }, stop);
        foreach (var _ in anew.Epoch(0, 0, stop).Take(2))
        {
        }

        var first = Seconds(anew, 1, most, stop);
        if (!KeepsDecoded(recipe, images, options, stop)) return new(first, first);
        using var kept = new BatchLoader(few, recipe.TrainingPipeline, options, stop);
        Seconds(kept, 0, most, stop);
        return new(first, Math.Min(first, Seconds(kept, 0, most, stop)));
    }

    private static bool KeepsDecoded(TrainRecipe recipe, IImageSource images, LoaderOptions options, CancellationToken stop)
    {
        using var all = new BatchLoader(images, recipe.TrainingPipeline, options with { Workers = 1 }, stop);
        return all.Cache == CacheMode.Decoded;
    }

    /// <summary>The time of one image, as an epoch gives them; the order of an epoch is the same each time.</summary>
    private static double Seconds(BatchLoader loader, int epoch, TimeSpan most, CancellationToken stop)
    {
        var (watch, count) = (Stopwatch.StartNew(), 0);
        foreach (var batch in loader.Epoch(epoch, 0, stop))
        {
            count += batch.Count;
            if (watch.Elapsed >= most) break;
        }

        return watch.Elapsed.TotalSeconds / Math.Max(1, count);
    }

    private static IEnumerable<int> Spread(int count, int few) => Enumerable.Range(0, few).Select(i => (int)((long)i * count / few));
}
