using Fovea.Training.Initializers;
using Fovea.Training.Losses;
using Fovea.Training.Recipes;

namespace Fovea.Training.Tests.Recipes;

/// <summary>Recipes against the classes of the data and the tensors of the model.</summary>
public sealed class RecipeFitTests
{
    public static TheoryData<string> Keys =>
        ["optimizer.no_decay", "optimizer.also_decay", "model.init[1].only", "freeze.names", "freeze.thaw[0].names"];

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_name_of_nothing_is_told_with_its_key_and_the_nearest_names_of_the_model(string key)
    {
        var problem = Problem(With(key, "fc.wieght"));
        Assert.StartsWith($"{key}: 'fc.wieght', which names nothing of tiny; wanted ", problem, StringComparison.Ordinal);
        Assert.Contains("the nearest of which are fc.weight, ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_pattern_of_nothing_is_told_beside_others_that_mean_some(string key)
    {
        var problem = Problem(With(key, "fc.bias", "*.biass", "conv?.weight"));
        Assert.Equal([$"{key}: '*.biass'", $"{key}: 'conv?.weight'"], problem.Split('\n').Select(line => line.Split(',')[0]));
        Assert.Contains(problem.Split('\n')[0].Split("nearest of which are ")[1].Split(", "), near => near is "bn.bias" or "fc.bias");
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Patterns_that_mean_some_pass(string key)
    {
        using var trainer = new Trainer(Runs.Options(With(key, "fc.bias", "bn.*", "?onv.weight")));
        Assert.False(trainer.IsOver);
    }

    [Fact]
    public void Statistics_are_no_parameters_that_decay_but_may_be_frozen()
    {
        Assert.Contains("'*.running_mean', which names nothing of tiny", Problem(With("optimizer.no_decay", "*.running_mean")), StringComparison.Ordinal);
        using var trainer = new Trainer(Runs.Options(With("freeze.names", "bn.running_mean", "bn.weight")));
        Assert.False(trainer.IsOver);
    }

    public static TheoryData<string, LossOptions> Lists => new()
    {
        { "class_weights", new CrossEntropyOptions { ClassWeights = [1, 2, 3, 4] } },
        { "class_weights", new BceOptions { ClassWeights = [1, 2, 3, 4] } },
        { "positive_weights", new BceOptions { PositiveWeights = [1, 2, 3, 4] } },
        { "alpha", new FocalOptions { Alpha = [1, 2, 3, 4] } },
        { "labels.class_weights", new KdOptions { Labels = new CrossEntropyOptions { ClassWeights = [1, 2, 3, 4] } } },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void A_list_for_other_classes_than_those_of_the_data_is_told_by_its_key(string key, LossOptions loss)
    {
        Assert.Equal($"loss.{key}: a list of 4; wanted 3 numbers, one for each class of the data", Problem(Runs.Recipe() with { Loss = loss }));
        using var trainer = new Trainer(Runs.Options(Runs.Recipe() with { Loss = new FocalOptions { Alpha = [1, 2, 3] } }));
        Assert.False(trainer.IsOver);
    }

    /// <summary>Every loss with a list of numbers is among those above.</summary>
    [Fact]
    public void Every_list_of_numbers_of_a_loss_is_counted()
    {
        string[] lists =
        [
            .. LossOptions.Kinds.SelectMany(loss => loss.GetType().GetProperties().Select(property => (loss.Kind, Property: property)))
                .Where(entry => entry.Property.PropertyType == typeof(IReadOnlyList<double>)).Select(entry => $"{entry.Kind} {entry.Property.Name}").Order(),
        ];
        Assert.Equal(["bce ClassWeights", "bce PositiveWeights", "cross_entropy ClassWeights", "focal Alpha"], lists);
    }

    [Theory]
    [InlineData("backbone", "fc")]
    [InlineData("backbone", "fc.bias")]
    [InlineData("conv", "bn")]
    [InlineData("fc", "backbone")]
    public void A_name_that_is_to_thaw_and_was_never_frozen_is_told(string frozen, string thawed)
    {
        TrainRecipe Of(params string[] names) => Runs.Recipe() with { Freeze = new() { Names = [frozen], Thaw = [new() { Names = names }] } };
        Assert.Equal(
            $"freeze.thaw[0].names: '{thawed}', which is not frozen; wanted names of what freeze.names freezes: {frozen}", Problem(Of(frozen, thawed)));
        using var trainer = new Trainer(Runs.Options(Of(frozen)));
        Assert.False(trainer.IsOver);
    }

    private static string Problem(TrainRecipe recipe) => Assert.Throws<RecipeException>(() => new Trainer(Runs.Options(recipe))).Message;

    private static TrainRecipe With(string key, params string[] names)
    {
        var recipe = Runs.Recipe();
        return key switch
        {
            "optimizer.no_decay" => recipe with { Optimizer = recipe.Optimizer with { NoDecay = names } },
            "optimizer.also_decay" => recipe with { Optimizer = recipe.Optimizer with { AlsoDecay = names } },
            "model.init[1].only" => recipe with
            {
                Model = recipe.Model with { Init = [new FillOptions { Only = ["fc.*"] }, new NormalOptions { Only = names }] },
            },
            "freeze.names" => recipe with { Freeze = new() { Names = names } },
            _ => recipe with { Freeze = new() { Names = ["conv", "bn", "fc.bias"], Thaw = [new() { After = 1, Names = names }] } },
        };
    }
}
