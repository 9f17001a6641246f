namespace Fovea.Cli.Tests;

public class BenchTests
{
    [Theory]
    [InlineData("train")]
    [InlineData("infer")]
    public void Bench_measures_a_step_and_says_on_what(string mode)
    {
        var shell = Shell.Run("bench", mode, "resnet20", "--image-size", "16", "--batch", "3", "--classes", "4", "--steps", "2", "--json");
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        var json = shell.Json;
        Assert.Equal(
            ("resnet20", mode, "fp32"),
            (json.GetProperty("model").GetString(), json.GetProperty("mode").GetString(), json.GetProperty("precision").GetString()));
        Assert.Equal(
            (3, 4, 16, 2),
            (
                json.GetProperty("batch").GetInt32(), json.GetProperty("classes").GetInt32(), json.GetProperty("image_size").GetInt32(),
                json.GetProperty("steps").GetInt32()));
        var (median, min) = (json.GetProperty("ms_median").GetDouble(), json.GetProperty("ms_min").GetDouble());
        Assert.InRange(min, double.Epsilon, median);
        Assert.Equal(3000 / median, json.GetProperty("images_per_s").GetDouble(), 1e-6);
        Assert.True(json.GetProperty("peak_rss_mb").GetDouble() > 10);
        Assert.True(Version.TryParse(json.GetProperty("dnnl_version").GetString(), out _));
    }

    [Fact]
    public void Bench_train_takes_the_classifier_alone()
    {
        var shell = Shell.Run("bench", "train", "resnet20", "--image-size", "16", "--batch", "2", "--steps", "1", "--head-only");
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.StartsWith("resnet20, train, head only, [2, 3, 16, 16], fp32", shell.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--precision", "bf16")]
    [InlineData("--training-form")]
    public void Bench_infer_takes_other_forms(params string[] flags)
    {
        var shell = Shell.Run(["bench", "infer", "resnet20", "--image-size", "16", "--steps", "1", .. flags]);
        Assert.Equal(0, shell.Code);
        Assert.StartsWith("resnet20, infer, [1, 3, 16, 16], ", shell.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_model_gets_the_nearest() =>
        Shell.Fails(
            2, $"there is no model 'resnet19'; did you mean 'resnet18'? ('fovea models' lists all {Models.ModelCatalog.All.Count})", "bench", "train",
            "resnet19");

    [Theory]
    [InlineData("--steps", "0", "--steps is 0; wanted at least 1")]
    [InlineData("--batch", "0", "resnet20: batch is 0; wanted at least 1")]
    [InlineData("--classes", "0", "resnet20: classes is 0; wanted at least 1")]
    [InlineData("--precision", "fp16", "'fovea bench train': --precision is 'fp16'; wanted fp32 or bf16 or auto")]
    public void Bad_values_say_what_is_wanted(string flag, string value, string message) => Shell.Fails(2, message, "bench", "train", "resnet20", flag, value);
}
