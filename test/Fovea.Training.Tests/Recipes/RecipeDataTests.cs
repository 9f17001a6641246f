using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Training.Recipes;

namespace Fovea.Training.Tests.Recipes;

public class RecipeDataTests
{
    private static readonly double[] s_mean = [0.5, 0.4, 0.3];
    private static readonly double[] s_std = [0.1, 0.2, 0.3];
    private static readonly string[] s_bad = ["bee/1.png"];

    [Fact]
    public void The_defaults_are_those_of_natural_images()
    {
        var recipe = new TrainRecipe { Data = new DataOptions().Resolve(224, 0.875, [], []) };
        Assert.Equal(Preprocessing.Train(224), recipe.TrainingPreprocessing);
        Assert.Equal(Preprocessing.Evaluate(224), recipe.EvaluationPreprocessing);
    }

    [Fact]
    public void Small_images_are_padded_cut_and_mirrored()
    {
        var recipe = new TrainRecipe { Data = new() { ImageSize = 32, Fit = Fit.Stretch }, Augment = new() { Crop = Crop.Padded } };
        Assert.Equal(
            [new ResizeExact { Width = 32, Height = 32 }, new RandomCrop { Size = 32, Padding = 4 }, new RandomHorizontalFlip()],
            recipe.TrainingPreprocessing.Transforms);
        Assert.Equal(Preprocessing.CifarEvaluate(), recipe.EvaluationPreprocessing);
    }

    [Fact]
    public void What_the_recipe_sets_goes_before_what_the_model_has()
    {
        var data = new DataOptions { ImageSize = 64, Std = s_std }.Resolve(224, 0.875, s_mean, s_mean);
        Assert.Equal((64, 0.875), (data.ImageSize, data.CropFraction));
        Assert.Equal(new ChannelValues(0.5f, 0.4f, 0.3f), new TrainRecipe { Data = data }.EvaluationPreprocessing.Normalize.Mean);
        Assert.Equal(new ChannelValues(0.1f, 0.2f, 0.3f), new TrainRecipe { Data = data }.EvaluationPreprocessing.Normalize.Std);
    }

    [Fact]
    public void Only_training_is_shuffled_and_may_drop_a_batch()
    {
        var recipe = new TrainRecipe
        {
            Train = new() { BatchSize = 16, DropLast = true, Seed = 3 }, Data = new() { BadImages = BadImagePolicy.Skip, CacheMebibytes = 2 },
        };
        var loader = new LoaderOptions { BatchSize = 16, Seed = 3, BadImages = BadImagePolicy.Skip, CacheBytes = 2 << 20 };
        Assert.Equal(loader with { KnownBad = s_bad }, recipe.EvaluationLoader(knownBad: s_bad));
        Assert.Equal(loader with { KnownBad = s_bad, IsTraining = true, DropLast = true, QuarantineFolder = "q" }, recipe.TrainingLoader("q", s_bad));
    }

    [Fact]
    public void A_recipe_without_a_size_is_not_prepared_yet() =>
        Assert.Throws<InvalidOperationException>(() => new TrainRecipe().TrainingPreprocessing);
}
