using Fovea.Recipes;
using Fovea.Runs;
using Fovea.Training.Checkpoints;
using Fovea.Training.Recipes;

namespace Fovea.Cli.Tests.Commands;

/// <summary>A job that is stopped and started again by one command line, and recipes that change in between.</summary>
public sealed class RestartedJobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Data => _folder.Path("data");

    private string Run => _folder.Path("run");

    private string Recipe => Path.Combine(Run, "recipe.yaml");

    private CheckpointFolder Checkpoints => RunFolder.CheckpointsOf(Run);

    private string[] Job(params string[] more) => ["train", "--data", Data, "--out", Run, "--resume", .. more];

    private Shell Train(params string[] more) => Shell.Run(Job(more));

    private static Shell Good(Shell shell)
    {
        Assert.True(shell.Code == 0, shell.Error);
        return shell;
    }

    [Fact]
    public void One_command_line_begins_a_run_goes_on_after_a_kill_and_tells_that_it_is_finished()
    {
        TinyData.Make(_folder);
        string[] job = Job(
            "--time", "2m", "--model", "cifar_lenet", "--epochs", "60", "--batch-size", "auto", "--set", "augment.transforms[+]=posterize",
            "--set", "train.checkpoint_every_steps=1", "--set", "train.log_every=1");
        using (var tool = ToolProcess.Start(job))
        {
            tool.WaitFor($"{Run}: there is no run yet; it begins");
            tool.WaitFor("epoch 2/");
            tool.Signal("KILL");
            Assert.Equal(128 + 9, tool.End().Code);
        }

        var then = TrainRecipe.Load(Recipe);
        var choice = RunRecipe.ChoiceOf(Run);
        var again = Good(Shell.Run(job));
        Assert.Contains("\nresumed in epoch ", again.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("the recipe has changed", again.Out, StringComparison.Ordinal);
        Assert.Empty(RecipeDifference.Between(then, TrainRecipe.Load(Recipe)));
        Assert.NotEmpty(choice);
        Assert.Equal(choice, RunRecipe.ChoiceOf(Run));
        var bytes = File.ReadAllBytes(Recipe);
        Assert.Contains("this run was finished before: 60 of 60 epochs", Good(Shell.Run(job)).Out, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(Recipe));
    }

    [Fact]
    public void The_same_command_line_without_a_recipe_ends_with_the_bits_of_an_unbroken_run()
    {
        TinyData.Make(_folder);
        // Of what is said, nothing follows from the speed that is measured.
        string[] flags =
        [
            "--model", "cifar_lenet", "--epochs", "6", "--batch-size", "6", "--set", "data.image_size=32", "--set", "augment.transforms[+]=posterize",
            "--set", "train.log_every=1", "--set", "train.checkpoint_every_steps=1",
        ];
        Good(Shell.Run(["train", "--data", Data, "--out", _folder.Path("unbroken"), .. flags]));
        using (var tool = ToolProcess.Start(Job(flags)))
        {
            tool.WaitFor("epoch 2/6");
            tool.Signal("KILL");
            tool.End();
        }

        Good(Train(flags));
        Weights.Same(_folder.Path("unbroken"), Run);
    }

    [Fact]
    public void A_run_that_was_killed_before_its_first_whole_checkpoint_begins_anew()
    {
        TinyData.Make(_folder);
        Good(Train(TinyData.Flags));
        File.Delete(Checkpoints.LatestPath);
        var again = Good(Train());
        Assert.Equal(
            $"warning: {Checkpoints.Path}: there is no latest checkpoint; the best holds weights alone: the run begins anew\n", again.Error);
        Assert.Equal(2, Weights.Latest(Run).State.Epoch);
    }

    [Fact]
    public void What_changes_is_said_value_by_value_and_noted_in_the_recipe_of_the_run()
    {
        TinyData.Make(_folder);
        Good(Train(TinyData.Flags));
        string[] changes =
        [
            "--epochs", "3", "--lr", "0.02", "--early-stop", "9", "--set", "data.workers=2", "--set", "train.log_every=1",
            "--set", "train.checkpoint_every_minutes=1", "--set", "train.keep=[latest]", "--set", "augment.transforms[0].min_scale=0.6",
            "--set", "loss.label_smoothing=0.1", "--set", "schedule={kind: constant}",
        ];
        string[] said =
        [
            "data.workers: 1 → 2", "augment.transforms[0].min_scale: 0.5 → 0.6", "optimizer.learning_rate: 0.05 → 0.02",
            "schedule.kind: cosine → constant", "loss.label_smoothing: 0 → 0.1", "train.epochs: 2 → 3", "train.log_every: 50 → 1",
            "train.early_stop: 0 → 9", "train.keep: [best, latest] → [latest]",
            "train.checkpoint_every_minutes: 10 → 1",
        ];
        var shell = Good(Train(changes));
        Assert.All(said, change => Assert.Contains($"the recipe has changed: {change}\n", shell.Out, StringComparison.Ordinal));
        var history = RunRecipe.HistoryOf(Run);
        Assert.Matches("^# - \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ began$", history[0]);
        Assert.Matches("^# - \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ went on after epoch 2, step 8$", history[1]);
        Assert.All(said, change => Assert.Contains($"#     {change}", history));
        Assert.Equal((3, 0.02), (TrainRecipe.Load(Recipe).Train.Epochs, TrainRecipe.Load(Recipe).Optimizer.LearningRate));
        Assert.Contains("the recipe has changed: train.epochs: 2 → 3", File.ReadAllText(Path.Combine(Run, "log.jsonl")), StringComparison.Ordinal);

        Good(Train("--epochs", "4"));
        var longer = RunRecipe.HistoryOf(Run);
        Assert.EndsWith("went on after epoch 3, step 12", longer[^2], StringComparison.Ordinal);
        Assert.Equal([.. history, longer[^2], "#     train.epochs: 3 → 4"], longer);
    }

    [Theory]
    [InlineData("data.image_size=64", "data.image_size: 32 → 64, but its weights have learnt, and its evaluations have seen, images that were prepared so (")]
    [InlineData("data.interpolation=nearest", "data.interpolation: bilinear → nearest, but its weights have learnt")]
    [InlineData("data.mean=[0.5,0.5,0.5]", "→ [0.5, 0.5, 0.5], but its weights have learnt")]
    [InlineData("model.num_blocks=[2,1,1,1]", "model.num_blocks: [1, 1, 1, 1] → [2, 1, 1, 1], but the weights are those of its model")]
    [InlineData("model.init=[zero_gamma]", "model.init: [] → [{kind: zero_gamma, only: []}], but it is read when a run begins, and this one has begun")]
    [InlineData("train.seed=1", "train.seed: 0 → 1, but the order of its images and all that is random follow from it")]
    [InlineData("train.batch_size=5", "train.batch_size: 6 → 5, but its steps, and the place where it stands in an epoch, are counted in batches of")]
    [InlineData("train.accumulate=2", "train.accumulate: 1 → 2, but its steps")]
    [InlineData("optimizer={kind: adamw, learning_rate: 0.05}", "optimizer.kind: sgd → adamw, but what it remembers of the steps before is of that kind")]
    [InlineData("optimizer.around[+]=lookahead", "optimizer.around: [] → [{kind: lookahead")]
    [InlineData("train.ema_decay=0.9", "train.ema_decay: 0 → 0.9, but averages of the weights are kept from the first step to the last, or not at all")]
    [InlineData("average=ema", "average.kind: none → ema, but averages of the weights")]
    public void What_would_break_the_run_is_refused_with_the_reason_and_nothing_is_touched(string change, string reason)
    {
        TinyData.Make(_folder);
        Good(Train(TinyData.Flags));
        var before = Directory.GetFiles(Run, "*", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);
        var shell = Train("--epochs", "3", "--set", change);
        Assert.Equal(1, shell.Code);
        Assert.StartsWith($"error: {Checkpoints.LatestPath}: the run cannot go on by this recipe: ", shell.Error, StringComparison.Ordinal);
        Assert.Contains(reason, shell.Error, StringComparison.Ordinal);
        Assert.EndsWith(
            "; wanted what it began with (--resume without -c takes the run's own recipe), or another run, in another folder, from its weights: "
            + "--model with the folder of this one\n", shell.Error, StringComparison.Ordinal);
        Assert.Equal(before.Keys.Order(), Directory.GetFiles(Run, "*", SearchOption.AllDirectories).Order());
        Assert.All(before, file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));
    }

    [Fact]
    public void All_that_is_refused_is_said_at_once()
    {
        TinyData.Make(_folder);
        Good(Train(TinyData.Flags));
        var shell = Train("--set", "data.image_size=64", "--set", "train.seed=3", "--set", "model.num_blocks=[2,1,1,1]");
        Assert.Equal(1, shell.Code);
        foreach (var key in (string[])["model.num_blocks: [1, 1, 1, 1] → [2, 1, 1, 1], but", "data.image_size: 32 → 64, but", "train.seed: 0 → 3, but"])
            Assert.Contains(key, shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_optimizer_would_have_to_remember_is_refused_with_what_has_changed()
    {
        TinyData.Make(_folder);
        Good(Train(TinyData.Flags));
        var shell = Train("--epochs", "3", "--set", "loss=eqlv2");
        Assert.Equal(1, shell.Code);
        Assert.Contains("it lacks loss/", shell.Error, StringComparison.Ordinal);
        Assert.Contains(". What has changed in the recipe since: loss.kind: cross_entropy → eqlv2; ", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_share_that_is_held_back_may_change_only_where_the_data_is_divided()
    {
        TinyData.Make(_folder);
        Good(Train(TinyData.Flags));
        Good(Train("--epochs", "3", "--set", "data.validation_fraction=0.5"));
        string[] other = ["train", "--data", _folder.Path("data", "train"), "--out", _folder.Path("other"), "--resume"];
        Good(Shell.Run([.. other, .. TinyData.Flags, "--set", "data.validation_fraction=0.25"]));
        var shell = Shell.Run([.. other, "--epochs", "3", "--set", "data.validation_fraction=0.5"]);
        Assert.Equal(1, shell.Code);
        Assert.Contains(
            "data.validation_fraction: 0.25 → 0.5, but images that it was trained on would be evaluated, because the data has no validation part of its own",
            shell.Error, StringComparison.Ordinal);
        shell = Shell.Run([.. other, "--epochs", "3", "--set", "data.split_seed=1"]);
        Assert.Equal(1, shell.Code);
        Assert.Contains("data.split_seed: 0 → 1, but images that it was trained on would be evaluated", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_has_moved_is_noted()
    {
        TinyData.Make(_folder);
        Good(Train(TinyData.Flags));
        Directory.Move(Data, _folder.Path("moved"));
        var shell = Good(Shell.Run("train", "--data", _folder.Path("moved"), "--out", Run, "--resume", "--epochs", "3"));
        Assert.Contains($"the recipe has changed: data: {Data} → {_folder.Path("moved")}\n", shell.Out, StringComparison.Ordinal);
        Assert.Contains($"#     data: {Data} → {_folder.Path("moved")}", RunRecipe.HistoryOf(Run));
    }

    [Fact]
    public void The_history_of_a_run_that_is_started_again_for_ever_stays_short()
    {
        TinyData.Make(_folder);
        Good(Train(TinyData.Flags));
        var text = File.ReadAllText(Recipe);
        var first = RunRecipe.HistoryOf(Run)[0];
        var long_ = string.Concat(Enumerable.Repeat("\n# - 2026-01-01T00:00:00Z went on after epoch 1, step 4", 3000));
        File.WriteAllText(Recipe, text.Replace(first, first + long_, StringComparison.Ordinal));
        Good(Train("--epochs", "3"));
        Assert.Equal(1001, RunRecipe.HistoryOf(Run).Count);
        Assert.Equal((first, "#     train.epochs: 2 → 3"), (RunRecipe.HistoryOf(Run)[0], RunRecipe.HistoryOf(Run)[^1]));
        Good(Train("--epochs", "4"));
    }

    [Fact]
    public void A_batch_size_that_was_found_is_kept_and_so_is_the_length_that_time_has_chosen()
    {
        TinyData.Make(_folder);
        Good(Train("--time", "5s", "--batch-size", "auto", "--model", "cifar_lenet"));
        var recipe = TrainRecipe.Load(Recipe);
        var again = Good(Train("--time", "60s", "--batch-size", "auto", "--model", "cifar_lenet"));
        Assert.Contains(
            $"--time 60s: the length was chosen when the run began: {recipe.Train.Epochs} epochs; --epochs N makes it another\n", again.Out,
            StringComparison.Ordinal);
        Assert.Empty(RecipeDifference.Between(recipe, TrainRecipe.Load(Recipe)));
    }

    [Theory]
    [InlineData("", "best.safetensors latest.safetensors")]
    [InlineData("[latest]", "latest.safetensors")]
    [InlineData("[best, latest, previous]", "best.safetensors latest.prev.safetensors latest.safetensors")]
    [InlineData("[best_state, latest]", "best.safetensors latest.safetensors")]
    public void A_finished_run_leaves_the_checkpoints_that_its_recipe_keeps(string keep, string files)
    {
        TinyData.Make(_folder);
        Good(Train([.. TinyData.Flags, .. keep.Length == 0 ? [] : new[] { "--set", $"train.keep={keep}" }]));
        Assert.Equal(files.Split(' '), Directory.GetFiles(Checkpoints.Path).Select(Path.GetFileName).Order());
        if (!File.Exists(Checkpoints.BestPath)) return;
        var (best, latest) = (new FileInfo(Checkpoints.BestPath).Length, new FileInfo(Checkpoints.LatestPath).Length);
        Assert.Equal(keep.Contains("best_state", StringComparison.Ordinal), best > 0.9 * latest);
    }

    [Fact]
    public void A_best_of_weights_alone_is_evaluated_and_shipped_and_no_run_goes_on_from_it()
    {
        TinyData.Make(_folder);
        Good(Train([.. TinyData.Flags, "--set", "train.ema_decay=0.9", "--set", "train.validate_every=2"]));
        var best = CheckpointFile.Read(Checkpoints.BestPath);
        Assert.Equal((false, true), (best.IsWhole, best.HasAverages));
        var run = Good(Shell.Run("validate", "--run", Run, "--data", Data, "--json")).Json.GetProperty("top1").GetDouble();
        Assert.Equal(Weights.Latest(Run).State.BestTop1, run);
        Good(Shell.Run("deploy", Run, "-o", _folder.Path("m.fovea")));
        var refused = Train("--checkpoint", "best", "--epochs", "3");
        Assert.Equal(1, refused.Code);
        Assert.StartsWith(
            $"error: {Checkpoints.BestPath}: holds the weights of epoch 2 alone, without what the optimizer remembers, so that the run cannot go on from here. "
            + "Go on from the latest (--resume without --checkpoint), or start another run from these weights", refused.Error, StringComparison.Ordinal);
        Good(Shell.Run([.. TinyData.Flags.Skip(6).Prepend(Run).Prepend("--model").Prepend("train"), "--data", Data, "--out", _folder.Path("more")]));
    }
}
