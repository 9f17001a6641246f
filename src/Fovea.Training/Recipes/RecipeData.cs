using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sources;
using Fovea.Images;
using Fovea.Training.State;

namespace Fovea.Training.Recipes;

/// <summary>What a recipe says of images, as preprocessing and loading.</summary>
public static class RecipeData
{
    private static readonly Preprocessing s_colours = new();
    private static readonly Preprocessing s_grey = new() { Mean = [0.5], Std = [0.5] };

    extension(TrainRecipe recipe)
    {
        /// <summary>
        /// How images become the input, once <see cref="DataOptions.Resolve"/> has filled in the model's values; what is open yet is as torchvision has it.
        /// </summary>
        /// <exception cref="PreprocessingException">A value is out of range.</exception>
        /// <exception cref="InvalidOperationException">There is no image size yet.</exception>
        public Preprocessing Preprocessing => recipe.Data.ImageSize > 0
            ? (recipe.Data.Mean.Count == 1 ? s_grey : s_colours).Resolve(recipe.Data.Choice)
            : throw new InvalidOperationException("data.image_size is 0; wanted the model's size (DataOptions.Resolve) before images are prepared");

        /// <summary>How images are evaluated.</summary>
        /// <exception cref="PreprocessingException">A value is out of range.</exception>
        /// <exception cref="RecipeException">The preprocessing does not allow the views.</exception>
        /// <exception cref="InvalidOperationException">There is no image size yet; see <see cref="DataOptions.Resolve"/>.</exception>
        public ImagePipeline EvaluationPipeline
        {
            get
            {
                var pipeline = ImagePipeline.Evaluate(recipe.Preprocessing) with { Views = recipe.Augment.Views };
                return pipeline.Problems() is { Count: > 0 } problems
                    ? throw new RecipeException([.. problems.Select(problem => problem with { Path = $"augment.{problem.Path}" })], recipe.Places)
                    : pipeline;
            }
        }

        /// <summary>How images are trained on: the same preprocessing, behind random steps.</summary>
        /// <exception cref="PreprocessingException">A value is out of range.</exception>
        /// <exception cref="InvalidOperationException">There is no image size yet; see <see cref="DataOptions.Resolve"/>.</exception>
        public ImagePipeline TrainingPipeline =>
            ImagePipeline.Evaluate(recipe.Preprocessing) with { Transforms = recipe.Augment.Transforms, ScaledDecoding = recipe.Augment.ScaledDecoding };

        /// <summary>The size of the training images of an epoch, as <see cref="DataOptions.Progressive"/> has it.</summary>
        /// <param name="epoch">From 0.</param>
        public int ImageSizeAt(int epoch) => SizeStage.At(recipe.Data.Progressive, epoch, recipe.Train.Epochs, recipe.Data.ImageSize);

        /// <summary>How images of an epoch with another size are trained on.</summary>
        /// <param name="size">Rows and columns.</param>
        /// <exception cref="PreprocessingException">A value is out of range.</exception>
        public ImagePipeline TrainingPipelineAt(int size) => (recipe with { Data = recipe.Data with { ImageSize = size } }).TrainingPipeline;

        /// <summary>What the run uses of the images that there are: of each class the shares that the recipe says.</summary>
        /// <param name="all">The images.</param>
        public DataParts Used(DataParts all) => all with
        {
            Train = ClassShare.Of(all.Train, recipe.Data.Fraction, recipe.Train.Seed),
            Validation = ClassShare.Of(all.Validation, recipe.Data.ValidationShare, recipe.Data.SplitSeed),
        };

        /// <summary>How batches to evaluate are made.</summary>
        /// <param name="quarantine">The folder that bad images are moved to, if the recipe says so.</param>
        /// <param name="knownBad">The bad images that the run has met before.</param>
        public LoaderOptions EvaluationLoader(string? quarantine = null, IReadOnlyCollection<string>? knownBad = null) => new()
        {
            // Whole images, with all of their views.
            BatchSize = Math.Max(recipe.Train.BatchSize / recipe.Augment.Views.Count(), 1) * recipe.Augment.Views.Count(),
            Seed = recipe.Train.Seed,
            Workers = recipe.Data.Workers,
            BadImages = recipe.Data.BadImages,
            QuarantineFolder = quarantine,
            KnownBad = knownBad ?? [],
            Cache = recipe.Data.Cache,
            CacheBytes = recipe.Data.CacheMebibytes * (1L << 20),
        };

        /// <summary>Whether training images are the same in every epoch of the same size: nothing random happens to them, and they are not mixed.</summary>
        public bool HasFixedImages => !recipe.TrainingPipeline.IsRandom && !recipe.Augment.ScaledDecoding && recipe.Augment.Mixing.Count == 0;

        /// <summary>How each of these images is loaded once, in batches as they are trained on.</summary>
        /// <param name="quarantine">The folder that bad images are moved to, if the recipe says so.</param>
        /// <param name="knownBad">The bad images that the run has met before.</param>
        public LoaderOptions FixedLoader(string? quarantine = null, IReadOnlyCollection<string>? knownBad = null) =>
            recipe.EvaluationLoader(quarantine, knownBad) with { BatchSize = recipe.Train.BatchSize, Cache = CacheMode.None };

        /// <summary>How batches to train on are made.</summary>
        /// <param name="quarantine">The folder that bad images are moved to, if the recipe says so.</param>
        /// <param name="knownBad">The bad images that the run has met before: <see cref="RunState.BadImages"/> of its checkpoint.</param>
        public LoaderOptions TrainingLoader(string? quarantine = null, IReadOnlyCollection<string>? knownBad = null) =>
            recipe.EvaluationLoader(quarantine, knownBad) with
            {
                BatchSize = recipe.Train.BatchSize,
                IsTraining = true,
                DropLast = recipe.Train.DropLast,
                Sampler = recipe.Sampler,
                Epochs = recipe.Train.Epochs,
                Repeats = recipe.Augment.Repeats,
                Mixing = recipe.Augment.Mixing,
            };
    }
}
