using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sources;
using Fovea.Images;
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
        var recipe = new TrainRecipe { Data = new DataOptions().Resolve(new Preprocessing()) };
        Assert.Equal(ImagePipeline.Train(224), recipe.TrainingPipeline);
        Assert.Equal(ImagePipeline.Evaluate(224), recipe.EvaluationPipeline);
    }

    [Fact]
    public void Small_images_are_padded_cut_and_mirrored()
    {
        var recipe = new TrainRecipe
        {
            Data = new() { ImageSize = 32, Fit = Fit.Stretch }, Augment = new() { Transforms = [new RandomCrop(), new HorizontalFlip()] },
        };
        Assert.Equal(ImagePipeline.Cifar().Transforms, recipe.TrainingPipeline.Transforms);
        Assert.Equal((32, Fit.Stretch), (recipe.TrainingPipeline.Input.Width, recipe.TrainingPipeline.Input.Fit));
        Assert.Empty(recipe.EvaluationPipeline.Transforms);
    }

    [Fact]
    public void What_the_recipe_sets_goes_before_what_the_model_has_and_the_flags_before_both()
    {
        var row = new Preprocessing { Height = 256, Width = 256, CropFraction = 0.9, Interpolation = Interpolation.Bicubic, Mean = s_mean, Std = s_mean };
        var data = new DataOptions { ImageSize = 64, Std = s_std, CropFraction = 0.5 }.Resolve(row, new() { CropFraction = 0.75 });
        var expected = new Preprocessing { Height = 64, Width = 64, CropFraction = 0.75, Interpolation = Interpolation.Bicubic, Mean = s_mean, Std = s_std };
        Assert.Equal(expected, new TrainRecipe { Data = data }.Preprocessing);
        var recipe = new TrainRecipe { Data = new DataOptions { Interpolation = Interpolation.Lanczos, Fit = Fit.Stretch }.Resolve(row) };
        Assert.Equal((Interpolation.Lanczos, Fit.Stretch, 256), (recipe.Preprocessing.Interpolation, recipe.Preprocessing.Fit, recipe.Preprocessing.Height));
        Assert.Equal(recipe.Data.Choice.ToString(), recipe.Data.Resolve(new Preprocessing()).Choice.ToString());
    }

    [Fact]
    public void Training_and_evaluation_weigh_pixels_and_normalise_alike()
    {
        var row = new Preprocessing { Interpolation = Interpolation.Bicubic, Mean = [0.25], Std = [0.5] };
        var recipe = new TrainRecipe { Data = new DataOptions().Resolve(row) };
        Assert.Equal(Interpolation.Bicubic, recipe.TrainingPipeline.Input.Interpolation);
        Assert.Equal(recipe.EvaluationPipeline.Input, recipe.TrainingPipeline.Input);
        Assert.Equal(1, recipe.TrainingPipeline.Input.Channels);
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
        Assert.Equal(
            loader with { KnownBad = s_bad, IsTraining = true, DropLast = true, QuarantineFolder = "q", Epochs = 10 }, recipe.TrainingLoader("q", s_bad));
    }

    [Fact]
    [Trait("row", "S3-01")]
    public void A_fraction_of_the_data_is_trained_on_and_all_is_evaluated_unless_asked()
    {
        var images = new MemoryImages(["a", "b"], [.. Enumerable.Range(0, 23).Select(i => ($"{i}", Array.Empty<byte>(), i < 20 ? 0 : 1))]);
        var all = new DataParts(images, images, ["odd"]);
        (int, int) Used(double fraction, double share)
        {
            var used = new TrainRecipe { Data = new() { Fraction = fraction, ValidationShare = share } }.Used(all);
            Assert.Equal(all.Warnings, used.Warnings);
            return (used.Train.Count, used.Validation.Count);
        }

        Assert.Equal((23, 23), Used(1, 1));
        Assert.Equal((6 + 1, 23), Used(0.3, 1));
        Assert.Equal((6 + 1, 10 + 1), Used(0.3, 0.5));
        Assert.Equal(
            ["data.fraction: 0; wanted above 0", "data.validation_share: 2; wanted above 0, from 1E-30 to 1"],
            new TrainRecipe { Data = new() { Fraction = 0, ValidationShare = 2 } }.Validate().Select(problem => problem.ToString()));
    }

    [Fact]
    public void A_recipe_without_a_size_is_not_prepared_yet() =>
        Assert.Throws<InvalidOperationException>(() => new TrainRecipe().TrainingPipeline);
}
