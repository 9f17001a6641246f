using System.Diagnostics;
using System.Text;

namespace Fovea.Cli.Tests.Recipes;

/// <summary>A recipe that cannot be read is wrong usage, whatever the way, the command and the reason: the exit code is 2.</summary>
public sealed class UnreadableRecipesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public UnreadableRecipesTests() => _data = TinyData.Make(_folder, 2, 2);

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Ways => new()
    {
        { "missing", "there is no such recipe" },
        { "folder", "is a folder; wanted a recipe, a YAML file" },
        { "binary", "the text is not UTF-8; wanted a text file in UTF-8" },
        { "latin", "the text is not UTF-8; wanted a text file in UTF-8" },
        { "nul", ":1:3: this is no YAML" },
        { "pipe", "the text cannot be read (it is no file but a FIFO)" },
        { "loop", "is a link that leads back to itself; wanted a recipe, a YAML file" },
        { "dangling", "is a link to gone, which does not exist; wanted a recipe, a YAML file" },
        { "list", "a recipe is a map of sections" },
        { "unknown", ":1:1: unknown key 'modle' in the recipe" },
        { "long", "is of the length 1048577" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_way_has_the_exit_code_of_wrong_usage(string way, string reason)
    {
        var recipe = Make(way);
        string[][] commands =
        [
            ["recipe", "show", recipe], ["recipe", "plot", recipe, "-o", _folder.Path("x.png")],
            ["train", "-c", recipe, "--data", _data, "--out", _folder.Path("run")],
            ["find-lr", "-c", recipe, "--data", _data, "-o", _folder.Path("lr")],
        ];
        foreach (var command in commands)
        {
            var shell = Shell.Run(command);
            Assert.StartsWith($"error: {recipe}", shell.Error, StringComparison.Ordinal);
            Assert.Contains(reason, shell.Error, StringComparison.Ordinal);
            Assert.Equal(2, shell.Code);
        }
    }

    [Fact]
    public void A_recipe_that_one_may_not_read_has_it_too()
    {
        var recipe = _folder.Path("secret.yaml");
        File.WriteAllText(recipe, "train: {}");
        // Root may read everything, as long as it has what lets it.
        var user = Environment.IsPrivilegedProcess ? "setpriv --bounding-set=-dac_override,-dac_read_search " : "";
        using var tool = ToolProcess.StartIn($"chmod 0 '{recipe}'; exec {user}\"$@\"", "recipe", "show", recipe);
        var shell = tool.End();
        Assert.StartsWith($"error: {recipe}: the text cannot be read (Access to the path", shell.Error, StringComparison.Ordinal);
        Assert.Equal(2, shell.Code);
    }

    [Theory]
    [InlineData("latin")]
    [InlineData("dangling")]
    [InlineData("missing")]
    public void A_grid_and_its_base_have_it_too(string way)
    {
        var bad = Make(way);
        var grid = _folder.Path("grid.yaml");
        File.WriteAllText(grid, $"base: {bad}\ntricks:\n  a: train.epochs=3\n");
        foreach (var file in (string[])[bad, grid])
        {
            var shell = Shell.Run("ablate", file, "--data", _data, "-o", _folder.Path("runs"));
            Assert.StartsWith($"error: {bad}: ", shell.Error, StringComparison.Ordinal);
            Assert.Equal(2, shell.Code);
        }
    }

    [Fact]
    public void A_model_that_a_grid_names_and_nobody_knows_is_told_where_it_stands()
    {
        var grid = _folder.Path("grid.yaml");
        File.WriteAllText(grid, "base: {model: {name: resnet20}}\ntricks:\n  a: train.epochs=3\n  b: model.name=resnet999\n");
        var shell = Shell.Run("ablate", grid, "--data", _data, "-o", _folder.Path("runs"));
        Assert.StartsWith($"error: {grid}:4:6 (trick b): the row b: there is no model 'resnet999'", shell.Error, StringComparison.Ordinal);
        Assert.Equal(2, shell.Code);
    }

    private string Make(string way)
    {
        var path = _folder.Path($"{way}.yaml");
        switch (way)
        {
            case "folder": Directory.CreateDirectory(path); break;
            case "binary": File.WriteAllBytes(path, [0x89, 0xff, 0, 1, 2, 0xfe]); break;
            case "latin": File.WriteAllBytes(path, [.. "model: caf"u8, 0xe9]); break;
            case "nul": File.WriteAllText(path, "a\0b"); break;
            case "pipe": Process.Start("mkfifo", path)!.WaitForExit(); break;
            case "loop": File.CreateSymbolicLink(path, path); break;
            case "dangling": File.CreateSymbolicLink(path, "gone"); break;
            case "list": File.WriteAllText(path, "- a"); break;
            case "unknown": File.WriteAllText(path, "modle: {}"); break;
            case "long": File.WriteAllText(path, new StringBuilder().Append('#', (1 << 20) + 1).ToString()); break;
        }

        return path;
    }
}
