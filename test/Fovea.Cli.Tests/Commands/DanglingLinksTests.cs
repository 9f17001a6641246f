namespace Fovea.Cli.Tests.Commands;

/// <summary>Links to nothing in the place of what a command reads: the text says so by name.</summary>
public sealed class DanglingLinksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data stats LINK")]
    [InlineData("data check LINK")]
    [InlineData("data stats LINK.txt")]
    [InlineData("train -c PLAIN --data LINK --out OUT")]
    [InlineData("validate --data DATA --run LINK")]
    [InlineData("validate --data DATA --model LINK")]
    [InlineData("validate --data DATA --model LINK.fovea")]
    [InlineData("validate --data DATA --model LINK.onnx")]
    [InlineData("validate --data DATA --model resnet20 --weights LINK.safetensors")]
    [InlineData("validate --data DATA --model resnet20 --weights LINK.pth")]
    [InlineData("cost LINK.onnx")]
    [InlineData("export LINK.fovea -o OUT.onnx")]
    [InlineData("recipe show LINK.yaml")]
    [InlineData("train -c PLAIN --data DATA --out LINK")]
    [InlineData("parity LINK.json")]
    public void A_link_to_nothing_is_told_with_its_target(string command)
    {
        var data = TinyData.Make(_folder, 2, 2);
        string? link = null;
        var words = command.Split(' ').Select(word => word switch
        {
            "DATA" => data,
            "PLAIN" => TinyData.Plain,
            _ when word.StartsWith("OUT", StringComparison.Ordinal) => _folder.Path(word),
            _ when word.StartsWith("LINK", StringComparison.Ordinal) => link = _folder.Path(word),
            _ => word,
        }).ToArray();
        File.CreateSymbolicLink(link!, "nowhere");
        var shell = Shell.Run(words);
        Assert.NotEqual(0, shell.Code);
        Assert.Contains(
            $"{link}: ", Assert.Single(shell.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("is a link to nowhere, which does not exist", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_that_a_shell_hands_over_is_no_link_to_nothing()
    {
        using var tool = ToolProcess.StartIn("cat \"$0\" >/dev/null; echo 'train: {epochs: 7}' | \"$@\"", "recipe", "show", "/dev/stdin");
        Assert.Contains("epochs: 7", tool.End().Out, StringComparison.Ordinal);
    }
}
