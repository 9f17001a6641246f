using Fovea.Data.Augment;
using Fovea.Training.Recipes;

namespace Fovea.Training.Tests.Recipes;

public class RecipePreprocessingTests
{
    private static readonly double[] s_mean = [0.5, 0.4, 0.3];
    private static readonly double[] s_std = [0.1, 0.2, 0.3];

    [Fact]
    public void The_defaults_are_those_of_natural_images()
    {
        var recipe = new TrainRecipe { Data = new DataOptions().Resolve(224, 0.875, [], []) };
        Assert.Equal(Preprocessing.Train(224), recipe.TrainingSteps);
        Assert.Equal(Preprocessing.Evaluate(224), recipe.EvaluationSteps);
    }

    [Fact]
    public void Small_images_are_padded_cut_and_mirrored()
    {
        var recipe = new TrainRecipe { Data = new() { ImageSize = 32, Fit = Fit.Stretch }, Augment = new() { Crop = Crop.Padded } };
        Assert.Equal([new ResizeExact { Width = 32, Height = 32 }, new RandomCrop { Size = 32, Padding = 4 }, new RandomHorizontalFlip()], recipe.TrainingSteps.Transforms);
        Assert.Equal(Preprocessing.CifarEvaluate(), recipe.EvaluationSteps);
    }

    [Fact]
    public void What_the_recipe_sets_goes_before_what_the_model_has()
    {
        var data = new DataOptions { ImageSize = 64, Std = s_std }.Resolve(224, 0.875, s_mean, s_mean);
        Assert.Equal((64, 0.875), (data.ImageSize, data.CropFraction));
        Assert.Equal(new ChannelValues(0.5f, 0.4f, 0.3f), new TrainRecipe { Data = data }.EvaluationSteps.Normalize.Mean);
        Assert.Equal(new ChannelValues(0.1f, 0.2f, 0.3f), new TrainRecipe { Data = data }.EvaluationSteps.Normalize.Std);
    }

    [Fact]
    public void A_recipe_without_a_size_is_not_prepared_yet() =>
        Assert.Throws<InvalidOperationException>(() => new TrainRecipe().TrainingSteps);
}
