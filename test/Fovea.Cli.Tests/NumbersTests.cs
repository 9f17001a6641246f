namespace Fovea.Cli.Tests;

/// <summary>Numbers on the command line and in recipes that cannot be meant: wrong usage that names flag, value and range.</summary>
public sealed class NumbersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("resnet20: batch is 2147483647; wanted 1 to 65536", "bench", "train", "resnet20", "--batch", "2147483647")]
    [InlineData("resnet20: batch is -5; wanted at least 1", "bench", "infer", "resnet20", "--batch", "-5")]
    [InlineData("'fovea bench infer': --batch is '99999999999'; wanted a whole number", "bench", "infer", "resnet20", "--batch", "99999999999")]
    [InlineData("'fovea bench infer': --batch is '1e3'; wanted a whole number", "bench", "infer", "resnet20", "--batch", "1e3")]
    [InlineData("--steps is 2147483647; wanted 1 to 1000000", "bench", "train", "resnet20", "--batch", "1", "--steps", "2147483647")]
    [InlineData("resnet20: batch is 0; wanted at least 1", "explain", "resnet20", "--batch", "0")]
    [InlineData("resnet20: batch is 0; wanted at least 1", "plans", "resnet20", "--batch", "0")]
    [InlineData("resnet20: classes is 1000000000; wanted 1 to 1000000", "cost", "resnet20", "--classes", "1000000000")]
    [InlineData("resnet20: classes is -1; wanted at least 1", "cost", "resnet20", "--classes", "-1")]
    [InlineData("resnet20: image_size is 100000; wanted 1 to 8192", "cost", "resnet20", "--image-size", "100000")]
    [InlineData("resnet20: input_channels is 2147483647; wanted 1 to 4096", "cost", "resnet20", "--input-channels", "2147483647")]
    [InlineData("cifar_wideresnet: depth is 2147483647; wanted 1 to 10000", "cost", "cifar_wideresnet", "--depth", "2147483647")]
    [InlineData("cifar_wideresnet: width_factor is 1000000000; wanted 1 to 1024", "cost", "cifar_wideresnet", "--width-factor", "1000000000")]
    [InlineData(
        "repvgg: num_blocks is [1, 1, 1000000000, 1]; wanted at most 1000 in each stage", "cost", "repvgg", "--num-blocks", "1,1,1000000000,1",
        "--width-multiplier", "1,1,1,1")]
    [InlineData(
        "repvgg: width_multiplier is [1, 1, 1, 1000000]; wanted at most 64 in each stage", "cost", "repvgg", "--num-blocks", "1,1,1,1", "--width-multiplier",
        "1,1,1,1000000")]
    [InlineData("--batch is 2147483647; wanted 1 to 65536", "bench", "data", "x", "--batch", "2147483647")]
    [InlineData("--image-size is 100000; wanted 1 to 8192", "bench", "data", "x", "--image-size", "100000")]
    [InlineData("--workers is 2147483647; wanted 0 to 1024", "bench", "data", "x", "--workers", "2147483647")]
    [InlineData("--epochs is 0; wanted at least 1", "bench", "data", "x", "--epochs", "0")]
    [InlineData("--batch is 2147483647; wanted 1 to 65536", "validate", "--run", "x", "--data", "x", "--batch", "2147483647")]
    [InlineData("--top is 0; wanted at least 1", "predict", "x.png", "--run", "x", "--top", "0")]
    [InlineData("--top is -2147483648; wanted at least 1", "predict", "x.png", "--run", "x", "--top", "-2147483648")]
    [InlineData("'fovea predict': --workers is 1025; wanted 0 (one per core) to 1024", "predict", "x.png", "--run", "x", "--workers", "1025")]
    [InlineData("--images is 0; wanted at least 1", "deploy", "x", "-o", "m.fovea", "--images", "0")]
    [InlineData("--tolerance is NaN; wanted at least 0", "deploy", "x", "-o", "m.fovea", "--tolerance", "NaN")]
    [InlineData("--tolerance is Infinity; wanted 0 to 1", "export", "x", "-o", "m.onnx", "--tolerance", "Infinity")]
    [InlineData("--min-top1 is NaN; wanted a fraction, 0 to 1", "validate", "--run", "x", "--data", "x", "--min-top1", "NaN")]
    public void A_flag_out_of_range_is_wrong_usage(string message, params string[] args) => Shell.Fails(2, message, args);

    [Fact]
    public void Everything_that_is_wrong_with_a_recipe_is_told_at_once()
    {
        var recipe = _folder.Path("x.yaml");
        File.WriteAllText(
            recipe,
            "train: {batch_size: 2147483647, epochs: many, accumulate: 0}\noptimizer: {kind: sgd, learning_rate: 1e39, momentum: 1}\nmodel: {depth: 99999}\n");
        Shell.Fails(
            2,
            $"{recipe}:1:41: train.epochs is 'many'; wanted a whole number\n"
            + $"error: {recipe}:3:9: model.depth is 99999; wanted at least 0 and at most 10000\n"
            + $"error: {recipe}:2:24: optimizer.learning_rate is 1E+39; wanted above 0, from 1E-30 to 1E+30\n"
            + $"error: {recipe}:2:45: optimizer.momentum is 1; wanted at least 0 and below 1\n"
            + $"error: {recipe}:1:9: train.batch_size is 2147483647; wanted at least 0 and at most 65536\n"
            + $"error: {recipe}:1:47: train.accumulate is 0; wanted at least 1",
            "recipe", "show", recipe);
    }

    [Theory]
    [InlineData("train.batch_size=65536", "1024", "at least .* GiB of memory|bytes; wanted at most")]
    [InlineData("model={name: cifar_wideresnet, depth: 16, width_factor: 128}", "32", "at least .* GiB of memory|bytes; wanted at most")]
    public void Memory_that_is_not_there_is_told_before_it_is_taken(string set, string imageSize, string problem)
    {
        var data = TinyData.Make(_folder, train: 1, validation: 1);
        var shell = Shell.Run("train", "--data", data, "--out", _folder.Path("run"), "-c", Recipe(), "--set", $"data.image_size={imageSize}", "--set", set);
        Assert.Equal(2, shell.Code);
        Assert.Matches($"^error: .*({problem}).*a smaller train.batch_size, data.image_size or model\n$", shell.Error);
        Assert.False(Directory.Exists(_folder.Path("run")));
    }

    private string Recipe()
    {
        File.WriteAllText(_folder.Path("r.yaml"), "model: {name: resnet20}\n");
        return _folder.Path("r.yaml");
    }

    [Fact]
    public void A_plan_that_is_larger_than_the_memory_is_told_before_it_is_made()
    {
        var shell = Shell.Run("bench", "train", "resnet50", "--batch", "3000");
        Assert.Equal(2, shell.Code);
        Assert.Matches(
            "^error: .*resnet50.* for \\[3000, 3, 224, 224\\].*: a smaller --batch, --image-size or model\n$",
            shell.Error.Replace("; wanted a smaller", ": a smaller", StringComparison.Ordinal));
    }
}
