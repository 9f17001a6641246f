using Fovea.Data.Augment;

namespace Fovea.Training.Recipes;

/// <summary>What a recipe says of images, as steps of preprocessing.</summary>
public static class RecipePreprocessing
{
    extension(TrainRecipe recipe)
    {
        /// <summary>How images are evaluated.</summary>
        /// <exception cref="InvalidOperationException">The data options have no image size yet; see <see cref="DataOptions.Resolve"/>.</exception>
        public Preprocessing EvaluationSteps => new() { Transforms = Square(Resolved(recipe)), Normalize = Normalization(recipe.Data) };

        /// <summary>How images are trained on.</summary>
        /// <exception cref="InvalidOperationException">The data options have no image size yet; see <see cref="DataOptions.Resolve"/>.</exception>
        public Preprocessing TrainingSteps => new()
        {
            Transforms = Training(Resolved(recipe), recipe.Augment),
            Normalize = Normalization(recipe.Data),
            ScaledDecoding = recipe.Augment.ScaledDecoding,
        };
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
