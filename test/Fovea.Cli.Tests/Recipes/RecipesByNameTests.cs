namespace Fovea.Cli.Tests.Recipes;

/// <summary>Recipes that the tool knows by name, wherever it runs.</summary>
public sealed class RecipesByNameTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_recipes_of_the_repository_are_listed()
    {
        var listed = Shell.Run("recipe", "list", "--json").Json.GetProperty("recipes").EnumerateArray();
        Assert.Equal(
            RecipeFilesTests.Configs.Select(row => row.Data["configs/".Length..^".yaml".Length]).Order(StringComparer.Ordinal),
            listed.Select(recipe => recipe.GetProperty("name").GetString()!));
        var table = Shell.Run("recipe", "list");
        Assert.Matches(@"(?m)^imagenet/resnet18 +resnet18 +224 +256 +90  ResNet-18 on ImageNet with the classic recipe", table.Out);
    }

    [Fact]
    public void A_recipe_is_shown_and_trained_by_its_name_in_another_folder()
    {
        var data = TinyData.Make(_folder);
        using var show = ToolProcess.StartIn("cd /; exec \"$@\"", "recipe", "show", "imagenet/resnet18");
        var shown = show.End();
        Assert.Equal((0, Shell.Run("recipe", "show", Repository.Path("configs/imagenet/resnet18.yaml")).Out), (shown.Code, shown.Out));
        using var train = ToolProcess.StartIn(
            "cd /; exec \"$@\"", "train", "-c", "demo", "--data", data, "--out", _folder.Path("run"), "--epochs", "1", "--batch-size", "8");
        Assert.Equal(0, train.End().Code);
    }

    [Fact]
    public void A_file_of_that_name_wins()
    {
        File.WriteAllText(_folder.Path("demo"), "train: {epochs: 3}");
        using var show = ToolProcess.StartIn($"cd '{_folder.Root}' && exec \"$@\"", "recipe", "show", "demo");
        Assert.Contains("\n  epochs: 3\n", show.End().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_mistyped_is_told_what_is_near() => Shell.Fails(
        2, "imagenet/resnet81: there is no such file, nor a recipe of that name; did you mean 'imagenet/resnet18'? ('fovea recipe list' lists all)",
        "recipe", "show", "imagenet/resnet81");
}
