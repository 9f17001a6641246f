using Fovea.Training.Logging.Styles;

namespace Fovea.Training.Tests.Logging.Styles;

public class SwinStyleTests
{
    private const string Start = @"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d tiny\] \(\S+ \d+\): INFO ";

    [Fact]
    [Trait("row", "S0-15")]
    public void Lines_of_training_and_tests_are_theirs_with_the_norm_of_gradients()
    {
        using var run = new StyledRun().Train(new SwinStyle());
        const string Pair = @"(\d+\.\d+) \((\d+\.\d+)\)";
        var train = run.Lines.Numbers(
            $@"{Start}Train: \[(\d+)/(\d+)\]\[(\d+)/(\d+)\]\teta \d+:\d\d:\d\d lr (\d+\.\d{{6}})\ttime {Pair}\tloss {Pair}\tgrad_norm {Pair}\tmem (\d+)MB$");
        Assert.Equal([(0.0, 0.0), (0, 2), (0, 4), (1, 0), (1, 2), (1, 4)], train.Select(line => (line[0], line[2])));
        Assert.Equal(
            run.Metrics.Select(row => (row["train_loss"].Fixed(4), row["learning_rate"].Fixed(6))),
            train.Where(line => line[2] == 4).Select(line => (line[8].Fixed(4), line[4].Fixed(6))));
        Assert.All(train, line => Assert.InRange(line[9], 1e-4, 100));
        var tests = run.Lines.Numbers($@"{Start}Test: \[(\d+)/(\d+)\]\tTime {Pair}\tLoss {Pair}\tAcc@1 {Pair}\tAcc@5 {Pair}\tMem (\d+)MB$");
        Assert.Equal([(0.0, 4.0), (2, 4), (0, 4), (2, 4)], tests.Select(line => (line[0], line[1])));
        var found = run.Lines.Numbers(Start + @" \* Acc@1 (\d+\.\d{3}) Acc@5 (\d+\.\d{3})$");
        Assert.Equal(
            run.Metrics.Select(row => ((100 * row["val_top1"]).Fixed(3), (100 * row["val_top5"]).Fixed(3))),
            found.Select(line => (line[0].Fixed(3), line[1].Fixed(3))));
        var accuracy = run.Lines.Numbers(Start + @"Accuracy of the network at epoch (\d+): (\d+\.\d{3})%$");
        Assert.Equal(run.Metrics.Select(row => (row["epoch"] - 1, (100 * row["val_top1"]).Fixed(3))), accuracy.Select(line => (line[0], line[1].Fixed(3))));
        var most = run.Lines.Numbers(Start + @"Max accuracy: (\d+\.\d\d)%$");
        Assert.Equal(run.Metrics.Select(row => (100 * row["best_top1"]).Fixed(2)), most.Select(line => line[0].Fixed(2)));
        Assert.Equal(2, run.Lines.Numbers(Start + @"EPOCH (\d+) training takes \d+:\d\d:\d\d$").Count);
        Assert.Equal(146, Assert.Single(run.Lines.Numbers(Start + @"number of params: (\d+)$"))[0]);
    }

    [Fact]
    [Trait("row", "S0-12")]
    public void Log_of_rank_0_grows_over_resumptions_and_the_settings_are_YAML_under_their_name()
    {
        using var run = new StyledRun().Train(new SwinStyle(), epochs: 1).Train(new SwinStyle(), epochs: 2);
        var kept = run.Text("log_rank0.txt").Split('\n');
        Assert.Equal([0.0, 1], kept.Numbers(Start + @"Accuracy of the network at epoch (\d+): ").Select(line => line[0]));
        Assert.Contains(kept, line => line.EndsWith("INFO auto resuming from " + Path.Combine(run.Folder, "checkpoints", "latest.safetensors"), StringComparison.Ordinal));
        var settings = run.Text("config.json");
        Assert.StartsWith("AMP_OPT_LEVEL: O0\nAUG:\n  AUTO_AUGMENT: null\n", settings, StringComparison.Ordinal);
        Assert.Contains("\n  BASE_LR: 0.1\n", settings, StringComparison.Ordinal);
        Assert.Contains("\nTRAIN:\n  ACCUMULATION_STEPS: 0\n", settings, StringComparison.Ordinal);
        Assert.Contains("real base lr:  0.1", run.Lines);
    }

    [Fact]
    public void Norm_of_gradients_that_is_only_told_changes_nothing()
    {
        var recipe = Runs.Recipe();
        recipe = recipe with { Train = recipe.Train with { ClipGradientNorm = 0 } };
        using var plain = new Trainer(Runs.Options(recipe));
        using var told = new Trainer(Runs.Options(recipe) with { GradientNorm = true });
        foreach (var trainer in new[] { plain, told }) trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        Assert.Equal(Runs.Variables(plain), Runs.Variables(told));
    }
}
