using Fovea.Training.Recipes;

namespace Fovea.Training.Tests.Recipes;

public class TrainRecipeTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(new TrainRecipe().Validate());

    [Fact]
    public void Every_kind_is_valid_as_it_comes_but_steps_want_to_know_when() =>
        Assert.Equal(
            ["step"],
            ScheduleOptions.Kinds.Select(schedule => (schedule.Kind, new TrainRecipe { Schedule = schedule }.Validate().Count))
                .Concat(OptimizerOptions.Kinds.Select(optimizer => (optimizer.Kind, new TrainRecipe { Optimizer = optimizer }.Validate().Count)))
                .Where(pair => pair.Item2 > 0).Select(pair => pair.Kind));

    [Fact]
    public void All_problems_are_told_at_once_with_path_value_and_what_was_wanted()
    {
        var recipe = new TrainRecipe
        {
            Optimizer = new SgdOptions { LearningRate = 0, Momentum = 1.5 },
            Schedule = new CosineOptions { WarmupEpochs = 20 },
            Train = new TrainOptions { BatchSize = 0 },
            Data = new DataOptions { Std = [1, 0, 1] },
        };
        Assert.Equal(
            [
                "data.std: [1, 0, 1]; wanted fractions of white, 0.001 to 10",
                "optimizer.learning_rate: 0; wanted above 0",
                "optimizer.momentum: 1.5; wanted at least 0 and below 1",
                "schedule.warmup_epochs: 20; wanted at most train.epochs, which is 10",
                "train.batch_size: 0; wanted at least 1",
            ],
            recipe.Validate().Select(problem => problem.ToString()));
    }

    [Fact]
    public void Numbers_that_are_none_are_out_of_range() =>
        Assert.Equal(
            ["loss.label_smoothing", "train.ema_decay"],
            new TrainRecipe { Loss = new() { LabelSmoothing = double.NaN }, Train = new() { EmaDecay = double.NaN } }
                .Validate().Select(problem => problem.Path));

    [Theory]
    [InlineData("LearningRate", "learning_rate")]
    [InlineData("Beta1", "beta1")]
    [InlineData("Decay1d", "decay_1d")]
    [InlineData("Kind", "kind")]
    public void Properties_are_spelt_in_snake_case(string property, string key) => Assert.Equal(key, RecipeNames.SnakeCase(property));

    [Fact]
    public void The_linear_rule_scales_the_rate_by_the_images_of_an_update()
    {
        Assert.Equal(0.1, new SgdOptions { LearningRate = 0.1 }.ScaledRate(512));
        Assert.Equal(0.2, new SgdOptions { LearningRate = 0.1, LinearRuleBatch = 256 }.ScaledRate(512));
    }
}
