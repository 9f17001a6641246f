using Fovea.Recipes;

namespace Fovea.Cli.Tests.Recipes;

/// <summary>Every recipe that is shipped trains as it stands, but for small batches of small images. No checkpoints: some models fill a gigabyte.</summary>
public sealed class ShippedRecipesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(RecipeFilesTests.Configs), MemberType = typeof(RecipeFilesTests))]
    public void Every_shipped_recipe_takes_two_steps_of_finite_loss(string file)
    {
        var path = Repository.Path(file);
        new TwoSteps(_folder).Take(changes => RecipeReader.Read(path, changes));
    }

    [Theory]
    [MemberData(nameof(RecipeFilesTests.Configs), MemberType = typeof(RecipeFilesTests))]
    public void Every_shipped_recipe_shows_as_a_recipe_that_shows_the_same(string file)
    {
        var shown = Shell.Run("recipe", "show", Repository.Path(file));
        Assert.Equal((0, ""), (shown.Code, shown.Error));
        var copy = _folder.Path("shown.yaml");
        File.WriteAllText(copy, shown.Out);
        Assert.Equal(shown.Out, Shell.Run("recipe", "show", copy).Out);
    }

    [Theory]
    [MemberData(nameof(RecipeFilesTests.Configs), MemberType = typeof(RecipeFilesTests))]
    public void Every_shipped_recipe_stands_in_the_table_of_recipes_with_its_model_batch_and_epochs(string file)
    {
        var recipe = RecipeReader.Read(Repository.Path(file));
        var name = Path.GetRelativePath("configs", file).Replace('\\', '/');
        var rows = File.ReadLines(Repository.Path("configs/README.md")).Where(line => line.StartsWith($"| [`{name}`]({name}) |", StringComparison.Ordinal));
        var cells = Assert.Single(rows).Split('|', StringSplitOptions.TrimEntries);
        Assert.Equal($"`{recipe.Model.Name}`", cells[2]);
        Assert.Equal((recipe.Train.BatchSize, recipe.Train.Epochs), (int.Parse(cells[^3], null), int.Parse(cells[^2], null)));
    }
}
