using Fovea.Data.Augment;
using Fovea.Data.Batching;

namespace Fovea.Training.Recipes;

/// <summary>What a recipe says of images, as preprocessing and loading.</summary>
public static class RecipeData
{
    extension(TrainRecipe recipe)
    {
        /// <summary>How images are evaluated.</summary>
        /// <exception cref="InvalidOperationException">The data options have no image size yet; see <see cref="DataOptions.Resolve"/>.</exception>
        public Preprocessing EvaluationPreprocessing => new() { Transforms = Square(Resolved(recipe)), Normalize = Normalization(recipe.Data) };

        /// <summary>How images are trained on.</summary>
        /// <exception cref="InvalidOperationException">The data options have no image size yet; see <see cref="DataOptions.Resolve"/>.</exception>
        public Preprocessing TrainingPreprocessing => new()
        {
            Transforms = Training(Resolved(recipe), recipe.Augment),
            Normalize = Normalization(recipe.Data),
            ScaledDecoding = recipe.Augment.ScaledDecoding,
        };

        /// <summary>How batches to evaluate are made.</summary>
        /// <param name="quarantine">The folder that bad images are moved to, if the recipe says so.</param>
        /// <param name="knownBad">The bad images that the run has met before.</param>
        public LoaderOptions EvaluationLoader(string? quarantine = null, IReadOnlyCollection<string>? knownBad = null) => new()
        {
            BatchSize = recipe.Train.BatchSize,
            Seed = recipe.Train.Seed,
            Workers = recipe.Data.Workers,
            BadImages = recipe.Data.BadImages,
            QuarantineFolder = quarantine,
            KnownBad = knownBad ?? [],
            Cache = recipe.Data.Cache,
            CacheBytes = recipe.Data.CacheMebibytes * (1L << 20),
        };

        /// <summary>How batches to train on are made.</summary>
        /// <param name="quarantine">The folder that bad images are moved to, if the recipe says so.</param>
        /// <param name="knownBad">The bad images that the run has met before: <see cref="RunState.BadImages"/> of its checkpoint.</param>
        public LoaderOptions TrainingLoader(string? quarantine = null, IReadOnlyCollection<string>? knownBad = null) =>
            recipe.EvaluationLoader(quarantine, knownBad) with { IsTraining = true, DropLast = recipe.Train.DropLast };
    }

    private static List<Transform> Training(DataOptions data, AugmentOptions augment)
    {
        List<Transform> steps = augment.Crop == Crop.RandomResized ? [Random(data, augment)] : Square(data);
        if (augment.Crop == Crop.Padded) steps.Add(new RandomCrop { Size = data.ImageSize, Padding = augment.Padding });
        if (augment.HorizontalFlip > 0) steps.Add(new RandomHorizontalFlip { Probability = augment.HorizontalFlip });
        return steps;
    }

    private static RandomResizedCrop Random(DataOptions data, AugmentOptions augment) => new()
    {
        Size = data.ImageSize,
        MinScale = augment.MinScale,
        MaxScale = augment.MaxScale,
        MinRatio = augment.MinRatio,
        MaxRatio = augment.MaxRatio,
        Interpolation = data.Interpolation,
    };

    private static List<Transform> Square(DataOptions data)
    {
        if (data.Fit == Fit.Stretch) return [new ResizeExact { Width = data.ImageSize, Height = data.ImageSize, Interpolation = data.Interpolation }];
        var fraction = data.CropFraction == 0 ? 1 : data.CropFraction;
        return [new Resize { Size = (int)(data.ImageSize / fraction), Interpolation = data.Interpolation }, new CenterCrop { Size = data.ImageSize }];
    }

    private static Normalize Normalization(DataOptions data) => new(
        data.Mean.Count == 0 ? Normalize.ImageNet.Mean : Channels(data.Mean), data.Std.Count == 0 ? Normalize.ImageNet.Std : Channels(data.Std));

    private static ChannelValues Channels(IReadOnlyList<double> values) => new((float)values[0], (float)values[1], (float)values[2]);

    private static DataOptions Resolved(TrainRecipe recipe) => recipe.Data.ImageSize > 0
        ? recipe.Data
        : throw new InvalidOperationException("data.image_size is 0; wanted the model's size (DataOptions.Resolve) before images are prepared");
}
