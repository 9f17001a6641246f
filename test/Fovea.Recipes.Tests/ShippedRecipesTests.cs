using Fovea.Training.Recipes;

namespace Fovea.Recipes.Tests;

public class ShippedRecipesTests
{
    [Fact]
    public void Recipes_are_known_by_name_and_by_their_path_in_the_repository()
    {
        Assert.Contains("demo", ShippedRecipes.Names);
        Assert.Contains("imagenet/resnet18", ShippedRecipes.Names);
        Assert.Equal("resnet18", TrainRecipe.Load("imagenet/resnet18").Model.Name);
        Assert.Equal(ShippedRecipes.TryFind("demo"), ShippedRecipes.TryFind("configs/demo.yaml"));
        Assert.Null(ShippedRecipes.TryFind("nothing"));
    }

    [Fact]
    public void Each_is_a_recipe_that_says_what_it_is() => Assert.All(ShippedRecipes.Names, name =>
    {
        var text = ShippedRecipes.TryFind(name)!;
        Assert.NotNull(RecipeReader.Parse(text, name).Model.Name);
        Assert.InRange(ShippedRecipes.Summary(text).Length, 10, 300);
    });

    [Theory]
    [InlineData("dmeo", "; did you mean 'demo'?")]
    [InlineData("imagenet/resnet81", "; did you mean 'imagenet/resnet18'?")]
    [InlineData("resnet18", "; did you mean 'imagenet/resnet18'?")]
    [InlineData("paddleclas", "; there are paddleclas/dla102, paddleclas/dla102x, paddleclas/dla102x2, paddleclas/dla169, paddleclas/dla34 and 6 more")]
    [InlineData("nothing", "")]
    public void A_name_that_is_none_is_told_what_may_be_meant(string name, string hint) => Assert.Equal(
        $"{name}: there is no such file, nor a recipe of that name{hint} ('fovea recipe list' lists all)",
        Assert.Throws<RecipeException>(() => TrainRecipe.Load(name)).Message);
}
