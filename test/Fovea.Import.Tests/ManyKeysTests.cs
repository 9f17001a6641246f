using Fovea.Import.Foreign;
using Fovea.Training.Recipes;

namespace Fovea.Import.Tests;

/// <summary>Files of many keys, and of keys with nothing behind them: what they cost, and what is said of them.</summary>
public sealed class ManyKeysTests
{
    private const int Many = 60_000;

    /// <summary>By a walk through all keys for each it took minutes; what is bounded is the work, so that no test waits for a watch.</summary>
    [Theory]
    [InlineData("DATA:\n{0}MODEL: {{ARCH: RepVGG-A0}}\n", "unknown key 'k0' in DATA", "more problems")]
    [InlineData("Global: {{epochs: 5}}\nArch: {{name: ResNet18}}\nOptimizer:\n  name: SGD\n{0}", "unknown key 'k0' in Optimizer", "more problems")]
    public void Unknown_keys_below_a_section_cost_no_walk_through_all_others(string text, string first, string rest)
    {
        var file = string.Format(null, text, string.Concat(Enumerable.Range(0, Many).Select(i => $"  k{i}: 1\n")));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<RecipeException>(() => RecipeImport.Parse(file, "x.yaml")).Message;
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Many;
        Assert.Contains(first, message, StringComparison.Ordinal);
        Assert.Contains(rest, message, StringComparison.Ordinal);
        Assert.Equal(21, message.Split('\n').Length);
        // A walk for each key would make an enumerator and paths of all keys: some megabytes.
        Assert.InRange(bytes, 0, 20_000);
    }

    [Fact]
    public void Many_operators_are_added_one_behind_the_other()
    {
        var file = Samples.Paddle.Replace(
            "- RandFlipImage: {flip_code: 1}", string.Concat(Enumerable.Repeat("- RandFlipImage: {flip_code: 1}\n        ", 10_000)), StringComparison.Ordinal);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<RecipeException>(() => RecipeImport.Parse(file, "x.yaml")).Message;
        Assert.Contains("augment.transforms is a list of 10003; wanted a list of at most 256", message, StringComparison.Ordinal);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 10_000, 0, 100_000);
    }

    [Fact]
    public void Sizes_of_a_run_are_told_in_one_text()
    {
        var sizes = string.Join(", ", Enumerable.Repeat("96", 10_000));
        var file = Samples.Paddle.Replace("RandCropImage: {size: 224", $"RandCropImage: {{progress_size: [{sizes}], size: 224", StringComparison.Ordinal);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<RecipeException>(() => RecipeImport.Parse(file, "x.yaml")).Message;
        Assert.Contains("data.progressive is a list of 10000; wanted a list of at most 256", message, StringComparison.Ordinal);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 10_000, 0, 20_000);
        var some = RecipeImport.Parse(file.Replace(sizes, "96, 128", StringComparison.Ordinal), "x.yaml");
        Assert.Contains(some.Lines, line => line.Text == "data.progressive[0].image_size=96; data.progressive[1].image_size=128");
    }

    [Theory]
    [InlineData("paddle20", "  regularizer: {function: 'L2', factor: 0.0001}", "  regularizer:", "OPTIMIZER.regularizer")]
    [InlineData("paddle20", "ARCHITECTURE: {name: 'DLA60'}", "ARCHITECTURE: {name: 'DLA60', params: {}}", "ARCHITECTURE.params")]
    [InlineData("paddle", "EMA: {decay: 0.999}", "EMA:", "EMA")]
    [InlineData("paddle20", "- MixupOperator: {alpha: 0.2}", "- MixupOperator:", "TRAIN.mix[0].MixupOperator")]
    [InlineData("paddle", "- CropImage: {size: 224}", "- CropImage:", "DataLoader.Eval.dataset.transform_ops[2].CropImage")]
    [InlineData("paddle", "- RandFlipImage: {flip_code: 1}", "- RandFlipImage: {}", "DataLoader.Train.dataset.transform_ops[2].RandFlipImage")]
    [InlineData("paddle", "- CELoss: {weight: 1.0, epsilon: 0.1}", "- CELoss:", "Loss.Train[0].CELoss")]
    [InlineData("repvgg", "TEST: {CROP: True}", "TEST: {}", "TEST")]
    public void Section_without_keys_is_told_and_its_defaults_hold(string name, string full, string empty, string key)
    {
        var imported = RecipeImport.Parse(Samples.All[name].Text.Replace(full, empty, StringComparison.Ordinal), "x.yaml");
        Assert.NotNull(imported.Recipe);
        Assert.NotEqual(ImportOutcome.Impossible, Assert.Single(imported.Lines, line => line.Key == key && !line.IsDefault).Outcome);
    }

    [Theory]
    [InlineData("Piecewise", "decay_epochs: []", "")]
    [InlineData("ExponentialWarmup", "decay_epochs: []", "LEARNING_RATE.params.decay_epochs is '[]'; wanted the epochs between two falls of the rate")]
    [InlineData("ExponentialWarmup", "decay_epochs: 3", "")]
    public void Empty_list_is_told_or_is_no_number(string rule, string value, string message)
    {
        var text = Samples.Paddle20.Replace("function: 'CosineWarmup'", $"function: {rule}", StringComparison.Ordinal)
            .Replace("warmup_epoch: 4", $"warmup_epoch: 4, {value}", StringComparison.Ordinal);
        var failure = Record.Exception(() => RecipeImport.Parse(text, "x.yaml"));
        Assert.True(failure is null or RecipeException, $"{failure}");
        Assert.Contains(message, failure?.Message ?? "", StringComparison.Ordinal);
    }
}
