using System.Text.Json;

namespace Fovea.Cli.Tests;

public class ExplainTests
{
    [Theory]
    [InlineData("--deploy")]
    [InlineData("--train")]
    public void Plan_names_implementations_that_are_all_optimised(string form)
    {
        var json = Shell.Run("explain", "resnet20", "--image-size", "16", "--batch", "4", form, "--json").Json;
        Assert.Equal(0, json.GetProperty("slow").GetInt32());
        var steps = json.GetProperty("steps").EnumerateArray().ToList();
        Assert.Contains(steps, step => step.GetProperty("implementation").GetString()!.Contains("jit", StringComparison.Ordinal));
        Assert.All(steps, step => Assert.Contains("→", step.GetProperty("layouts").GetString(), StringComparison.Ordinal));
        Assert.All(steps, step => Assert.False(step.TryGetProperty("ms", out _)));
    }

    [Fact]
    public void Profile_adds_shares_of_the_time_that_sum_to_one()
    {
        var json = Shell.Run("explain", "resnet20", "--image-size", "16", "--profile", "--json").Json;
        Assert.True(json.GetProperty("ms").GetDouble() > 0);
        Assert.Equal(1, json.GetProperty("steps").EnumerateArray().Sum((JsonElement step) => step.GetProperty("time_share").GetDouble()), 1e-9);
    }

    [Fact]
    public void Plan_is_a_table_for_people()
    {
        var shell = Shell.Run("explain", "resnet20", "--image-size", "16");
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Contains("implementation", shell.Out, StringComparison.Ordinal);
        Assert.Contains("layer3.2.conv2", shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_has_no_deploy_form() =>
        Shell.Fails(2, "--train and --deploy exclude each other: the deploy form is not trained", "explain", "resnet20", "--train", "--deploy");

    [Fact]
    public void Doctor_names_libraries_and_limits()
    {
        var shell = Shell.Run("doctor", "--json");
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.True(File.Exists(shell.Json.GetProperty("dnnl_path").GetString()));
        Assert.True(shell.Json.GetProperty("threads").GetInt32() > 0);
        Assert.Empty(shell.Json.GetProperty("problems").EnumerateArray());
        Assert.All(shell.Json.GetProperty("codecs").EnumerateObject(), codec => Assert.Contains(codec.Name, codec.Value.GetString(), StringComparison.Ordinal));
        Assert.StartsWith("fovea ", Shell.Run("doctor").Out, StringComparison.Ordinal);
    }
}
