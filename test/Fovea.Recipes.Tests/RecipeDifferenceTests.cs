using Fovea.Training.Recipes;

namespace Fovea.Recipes.Tests;

/// <summary>In what two recipes differ, and what a command line adds that is there already.</summary>
public sealed class RecipeDifferenceTests
{
    private static TrainRecipe Of(params string[] changes) => RecipeReader.Parse("", "test", [.. changes.Select(RecipeOverride.Parse)]);

    private static string[] Between(TrainRecipe old, TrainRecipe now) => [.. RecipeDifference.Between(old, now).Select(difference => difference.ToString())];

    [Fact]
    public void Equal_recipes_differ_in_nothing() => Assert.Empty(RecipeDifference.Between(Of(), Of("train.epochs=10")));

    [Fact]
    public void Values_are_told_one_by_one_in_the_order_of_a_recipe() => Assert.Equal(
        ["data.image_size: 0 → 32", "optimizer.learning_rate: 0.1 → 0.05", "train.epochs: 10 → 20", "train.drop_last: false → true"],
        Between(Of("optimizer.learning_rate=0.1"), Of("train.drop_last=true", "train.epochs=20", "optimizer.learning_rate=0.05", "data.image_size=32")));

    [Fact]
    public void Another_kind_is_told_with_what_only_one_of_them_has()
    {
        var told = Between(Of("schedule={kind: step, milestones: [3]}"), Of("schedule={kind: constant}"));
        Assert.Equal("schedule.kind: step → constant", told[0]);
        Assert.Contains(told, line => line.EndsWith(" → none", StringComparison.Ordinal));
    }

    [Fact]
    public void An_item_of_a_list_is_told_by_its_place_and_lists_of_several_lengths_as_a_whole()
    {
        Assert.Equal(
            ["augment.transforms[1].probability: 0.5 → 0.25"],
            Between(
                Of("augment.transforms=[random_resized_crop, horizontal_flip]"),
                Of("augment.transforms=[random_resized_crop, {kind: horizontal_flip, probability: 0.25}]")));
        Assert.Equal(
            ["augment.transforms: [] → [{kind: horizontal_flip, probability: 0.5}]"],
            Between(Of("augment.transforms=[]"), Of("augment.transforms=[horizontal_flip]")));
        Assert.Equal(["train.keep: [best, latest] → [latest]"], Between(Of(), Of("train.keep=[latest]")));
    }

    [Fact]
    public void What_is_added_to_a_list_is_not_added_again()
    {
        string[] flags = ["augment.transforms[+]=color_jitter", "train.epochs=20", "augment.transforms[+].kind=posterize"];
        RecipeOverride[] changes = [.. flags.Select(RecipeOverride.Parse)];
        var once = RecipeReader.Parse("", "test", changes);
        Assert.Equal(Of().Augment.Transforms.Count + 2, once.Augment.Transforms.Count);
        Assert.Equal([changes[1]], RecipeAdditions.Missing(once, RecipeKinds.Default, changes));
        Assert.Equal(changes, RecipeAdditions.Missing(Of(), RecipeKinds.Default, changes));
        var other = RecipeOverride.Parse("augment.transforms[+]={kind: posterize, probability: 0.25}");
        Assert.Equal([other], RecipeAdditions.Missing(once, RecipeKinds.Default, [other]));
    }
}
