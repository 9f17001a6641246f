using System.Text.Json.Nodes;
namespace Fovea.Cli.Tests;

public class ParityTests
{
    private static readonly string s_fixture = Repository.Path("test/fixtures/models/cifar_resnet20.json");

    private static string Components(string name) => Repository.Path($"test/fixtures/components/{name}.json");

    [Fact]
    public void Fixture_that_is_met_passes()
    {
        var shell = Shell.Run("parity", s_fixture, "--json");
        Assert.Equal(0, shell.Code);
        Assert.Equal(1, shell.Json.GetProperty("passed").GetInt32());
        var result = shell.Json.GetProperty("fixtures")[0];
        Assert.Equal("cifar_resnet20", result.GetProperty("id").GetString());
        Assert.True(result.GetProperty("passed").GetBoolean());
        Assert.InRange(result.GetProperty("logits_relative_error").GetDouble(), 0, 1e-5);
        Assert.True(result.GetProperty("worst_gradient").GetProperty("relative_error").GetDouble() >= 0);
    }

    [Fact]
    public void Fixture_that_is_not_met_is_named_and_fails_the_gate()
    {
        var other = Path.Combine(Directory.CreateTempSubdirectory("fovea-parity").FullName, "other.json");
        try
        {
            File.WriteAllText(other, File.ReadAllText(s_fixture).Replace("\"params\":", "\"params\": 1, \"params_before\":", StringComparison.Ordinal));
            var shell = Shell.Run("parity", other);
            Assert.Equal(3, shell.Code);
            Assert.Equal("error: 1 of 1 fixture is not met: cifar_resnet20\n", shell.Error);
            Assert.Contains("wanted 1\n", shell.Out, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(other)!, recursive: true);
        }
    }

    [Fact]
    public void Components_of_training_have_a_result_for_each_case()
    {
        string[] names = ["augment", "losses", "optimizers", "repoptimizer", "schedules"];
        var shell = Shell.Run(["parity", .. names.Select(Components), "--json"]);
        Assert.Equal(0, shell.Code);
        var results = shell.Json.GetProperty("fixtures").EnumerateArray().ToArray();
        Assert.Equal(210 + 27 + 31 + 15 + 18, results.Length);
        Assert.All(results, result => Assert.True(result.GetProperty("passed").GetBoolean()));
        Assert.Contains(results, result => result.GetProperty("id").GetString() == "losses/eqlv2#2");
        Assert.Contains(results, result => result.GetProperty("id").GetString() == "repoptimizer/run_adamw");
    }

    [Fact]
    public void Case_that_is_not_met_is_named_and_fails_the_gate()
    {
        var other = Path.Combine(Directory.CreateTempSubdirectory("fovea-parity").FullName, "losses.json");
        try
        {
            File.WriteAllText(other, File.ReadAllText(Components("losses")).Replace("3.20588497", "3.30588497", StringComparison.Ordinal));
            var shell = Shell.Run("parity", other);
            Assert.Equal(3, shell.Code);
            Assert.Equal("error: 1 of 27 fixtures are not met: losses/cross_entropy\n", shell.Error);
            Assert.Contains("losses/cross_entropy: the loss is 3.2058", shell.Out, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(other)!, recursive: true);
        }
    }

    [Fact]
    public void BFloat16_has_its_own_tolerance()
    {
        var result = Shell.Run("parity", s_fixture, "--precision", "bf16", "--json").Json.GetProperty("fixtures")[0];
        Assert.Equal("bf16", result.GetProperty("precision").GetString());
        Assert.InRange(result.GetProperty("logits_relative_error").GetDouble(), 1e-5, 3e-2);
    }

    [Theory]
    [InlineData("\"fill\":\"bias\"", "\"fill\":\"zzz\"", "'zzz' is no rule that fills a tensor; wanted weight, norm_weight, var, mean, bias, scale, embed or input")]
    [InlineData("\"shape\":[16]", "\"shape\":[1,1,1,1,1,1,1,1]", "a shape has at most 6 axes, not 8")]
    public void Tensors_that_cannot_be_made_are_told_with_their_file(string stands, string instead, string problem)
    {
        using var folder = new TemporaryFolder();
        var other = folder.Path("other.json");
        var text = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "test", "fixtures", "darknet", "tiny.json")))!.ToJsonString();
        Assert.Contains(stands, text, StringComparison.Ordinal);
        File.WriteAllText(other, text.Replace(stands, instead, StringComparison.Ordinal));
        Shell.Fails(1, $"{other}: {problem}", "parity", other);
    }

    [Fact]
    public void Missing_file_is_named() =>
        Shell.Fails(2, "none.json: there is no such file; wanted a fixture (.json)", "parity", "none.json");

    [Fact]
    public void Folder_is_no_fixture() =>
        Shell.Fails(2, $"{Repository.Root}: is a folder; wanted the files in it, as in {Path.Combine(Repository.Root, "*.json")}", "parity", Repository.Root);
}
