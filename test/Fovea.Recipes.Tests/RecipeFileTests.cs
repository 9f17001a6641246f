using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Recipes.Tests;

/// <summary>Recipes that a program loads, changes and saves.</summary>
public sealed class RecipeFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fovea-recipes-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_recipe_that_a_program_changed_and_saved_loads_as_it_was()
    {
        var recipe = new TrainRecipe { Optimizer = new AdamWOptions { LearningRate = 3e-4 }, Schedule = new StepOptions { Milestones = [3, 6] } };
        recipe = recipe with { Train = recipe.Train with { Epochs = 9 } };
        recipe.Save(In("r.yaml"));
        var loaded = TrainRecipe.Load(In("r.yaml"));
        Assert.Equal(RecipeWriter.Write(recipe), RecipeWriter.Write(loaded));
        Assert.Equal((9, recipe.Optimizer), (loaded.Train.Epochs, loaded.Optimizer));
    }

    [Fact]
    public void Rules_with_lists_and_what_stands_around_them_load_as_they_were()
    {
        var recipe = new TrainRecipe
        {
            Optimizer = new LionOptions { NoDecay = ["stem.*"], Around = [new SamOptions { Rho = 0.1 }, new LookaheadOptions { Every = 3 }] },
            Average = new SwaOptions { After = 100, Every = 10 },
        };
        recipe.Save(In("r.yaml"));
        var loaded = TrainRecipe.Load(In("r.yaml"));
        Assert.Equal((recipe.Optimizer, recipe.Average), (loaded.Optimizer, loaded.Average));
        Assert.NotEqual(recipe.Optimizer, recipe.Optimizer with { Around = [new SamOptions { Rho = 0.2 }] });
    }

    [Fact]
    public void Changes_replace_values_of_the_file()
    {
        File.WriteAllText(In("r.yaml"), "train: {epochs: 3, seed: 5}\n");
        var recipe = TrainRecipe.Load(In("r.yaml"), RecipeOverride.Parse("train.epochs=7"));
        Assert.Equal((7, 5UL), (recipe.Train.Epochs, recipe.Train.Seed));
    }

    [Fact]
    public void A_file_that_is_no_recipe_is_an_error_with_a_line_for_each_problem()
    {
        File.WriteAllText(In("r.yaml"), "train: {epochs: 0}\nmodell: {}\n");
        var error = Assert.Throws<RecipeException>(() => TrainRecipe.Load(In("r.yaml")));
        Assert.Equal(
            [$"{In("r.yaml")}:2:1: unknown key 'modell' in the recipe; did you mean 'model'?", $"{In("r.yaml")}:1:9: train.epochs is 0; wanted at least 1"],
            error.Message.Split('\n'));
    }

    [Fact]
    public void A_recipe_that_cannot_be_written_leaves_the_one_before_it()
    {
        var old = new TrainRecipe();
        old.Save(In("r.yaml"));
        Assert.ThrowsAny<IOException>(() => old.Save(Path.Combine(In("r.yaml"), "below.yaml")));
        Assert.Equal(RecipeWriter.Write(old), File.ReadAllText(In("r.yaml")));
    }

    private string In(string name) => Path.Combine(_folder, name);
}
