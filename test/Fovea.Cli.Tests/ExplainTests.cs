using System.Text.Json;
using Fovea.Backends.OneDnn;
using Fovea.Execution;

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
        Assert.Equal(OneDnnDiagnostics.Read().BFloat16.ToString(), shell.Json.GetProperty("bf16").GetString(), ignoreCase: true);
        Assert.StartsWith("fovea ", Shell.Run("doctor").Out, StringComparison.Ordinal);
        Assert.Matches(@"\(bf16 is (native, convolves \d+\.\d times as fast as fp32|emulated|computed in fp32)\)", Shell.Run("doctor").Out);
    }

    [Fact]
    public void Explain_says_what_is_computed_in_fp32_for_want_of_bf16()
    {
        var shell = Shell.Run("explain", "resnet20", "--image-size", "16", "--precision", "bf16");
        Assert.Equal(0, shell.Code);
        var isWithout = OneDnnDiagnostics.Read().BFloat16 == BFloat16Support.None;
        Assert.Equal(isWithout, shell.Out.Contains("fused_conv2d (in fp32)", StringComparison.Ordinal));
        Assert.Equal(isWithout, shell.Out.Contains(" of them compute in fp32 what the model has in bf16", StringComparison.Ordinal));
    }

    [Fact]
    public void Bench_says_the_precision_that_auto_has_chosen_and_what_bf16_is_here()
    {
        var shell = Shell.Run("bench", "infer", "resnet20", "--image-size", "16", "--batch", "1", "--steps", "1", "--precision", "auto", "--json");
        Assert.Equal(0, shell.Code);
        var support = OneDnnDiagnostics.Read().BFloat16!.Value;
        var isFaster = support == BFloat16Support.Native && OneDnnBackend.BFloat16Speedup >= 1.25;
        Assert.Equal(isFaster ? "bf16" : "fp32", shell.Json.GetProperty("precision").GetString());
        Assert.Equal(support.ToString(), shell.Json.GetProperty("bf16").GetString(), ignoreCase: true);
    }
}
