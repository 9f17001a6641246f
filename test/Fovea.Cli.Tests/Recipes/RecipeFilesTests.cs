using Fovea.Recipes;

namespace Fovea.Cli.Tests.Recipes;

public class RecipeFilesTests
{
    public static TheoryData<string> Configs { get; } = [.. Directory.EnumerateFiles(Repository.Path("configs"), "*.yaml", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Configs))]
    public void Every_shipped_recipe_reads_and_names_a_model(string file)
    {
        var recipe = RecipeReader.Read(Repository.Path(file));
        Assert.NotNull(Models.ModelCatalog.TryFind(recipe.Model.Name!));
    }

    [Fact]
    public void The_page_on_recipes_says_what_the_records_say()
    {
        var page = Repository.Path("docs/recipes.md");
        var text = Shell.Run("recipe", "keys").Out;
        Assert.True(File.Exists(page) && File.ReadAllText(page) == text, $"{page} is out of date: ./fovea recipe keys > docs/recipes.md");
    }

    [Fact]
    public void Recipe_show_prints_every_option_after_set()
    {
        var shell = Shell.Run("recipe", "show", Repository.Path("configs/cifar10/resnet20.yaml"), "--set", "train.epochs=3");
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Contains("  epochs: 3\n", shell.Out, StringComparison.Ordinal);
        Assert.Contains("  label_smoothing: 0\n", shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_that_is_not_there_gets_the_nearest()
    {
        var path = Repository.Path("configs/cifar10/resnet2.yaml");
        Shell.Fails(2, $"{path}: there is no such recipe; did you mean 'resnet20.yaml'?", "recipe", "show", path);
    }
}
