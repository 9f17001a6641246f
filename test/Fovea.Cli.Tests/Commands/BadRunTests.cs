using System.Text;
using Fovea.Training.Checkpoints;

namespace Fovea.Cli.Tests.Commands;

/// <summary>Runs that cannot begin or go on: one line each, and nothing lost.</summary>
public sealed class BadRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public BadRunTests() => _data = TinyData.Make(_folder);

    public void Dispose() => _folder.Dispose();

    private string Run => _folder.Path("run");

    private string Latest => RunFolder.CheckpointsOf(Run).LatestPath;

    private Shell Train(params string[] more) => Shell.Run(["train", .. TinyData.Flags, "--data", _data, "--out", Run, .. more]);

    private Shell Resume(params string[] more) => Shell.Run(["train", "--data", _data, "--out", Run, "--resume", .. more]);

    [Fact]
    public void Without_a_recipe_none_is_chosen_for_a_folder_that_holds_a_run()
    {
        Assert.Equal(0, Train().Code);
        Shell.Fails(1, $"{Run}: holds a run already; continue it with --resume, or choose another folder", "train", "--data", _data, "--out", Run);
    }

    [Fact]
    public void Without_data_and_out_both_are_asked_for() =>
        Shell.Fails(2, "'fovea train' wants --data DATA and --out DIR; see 'fovea train --help'", "train", "--model", "resnet18");

    [Fact]
    public void An_unknown_key_of_the_recipe_is_named_with_its_place()
    {
        var recipe = _folder.Path("x.yaml");
        File.WriteAllText(recipe, "train:\n  epocs: 3\n");
        Shell.Fails(2, $"{recipe}:2:3: unknown key 'epocs' in train; did you mean 'epochs'?", "train", "-c", recipe, "--data", _data, "--out", Run);
        Assert.False(Directory.Exists(Run));
    }

    [Fact]
    public void An_unknown_model_gets_the_nearest()
    {
        var shell = Shell.Run("train", "--model", "resnet19", "--data", _data, "--out", Run);
        Assert.Equal(2, shell.Code);
        Assert.StartsWith("error: there is no model 'resnet19'; did you mean 'resnet1", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_whose_recipe_is_gone_wants_one()
    {
        Assert.Equal(0, Train().Code);
        File.Delete(Path.Combine(Run, "recipe.yaml"));
        Shell.Fails(
            2, $"{Run}/recipe.yaml: is missing, so that the recipe of the run is not known; wanted -c FILE, what the run began with", "train", "--data", _data,
            "--out", Run, "--resume");
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        // Nobody, not even root, makes folders in /proc.
        var shell = Shell.Run(["train", .. TinyData.Flags, "--data", _data, "--out", "/proc/fovea"]);
        Assert.Equal(1, shell.Code);
        Assert.StartsWith("error: /proc/fovea: cannot be written (", shell.Error, StringComparison.Ordinal);
        Assert.EndsWith("); choose a folder where you may write\n", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_which_another_run_trains_is_left_alone()
    {
        using var other = RunFolder.Open(Run, resume: false);
        var shell = Train();
        Assert.Equal(1, shell.Code);
        Assert.Matches(
            $"^error: {Run}: process {Environment.ProcessId} on .* is training in this folder; wait for it, stop it, or choose another folder\n$", shell.Error);
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_the_run_and_keeps_the_checkpoint()
    {
        Assert.Equal(0, Train("--set", "train.epochs=1").Code);
        var before = File.ReadAllBytes(Latest);
        var shell = Resume("--set", "train.epochs=3", "--set", "optimizer.learning_rate=1e30", "--set", "schedule={kind: constant}");
        Assert.Equal(1, shell.Code);
        Assert.Matches(
            "^error: epoch 2, batch \\d, step \\d: the loss is (NaN|∞|Infinity) at learning rate 1E\\+30; wanted a finite number\\. "
            + "Try a smaller optimizer\\.learning_rate",
            shell.Error);
        Assert.Equal(before, File.ReadAllBytes(Latest));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_damaged_checkpoint_is_replaced_by_the_previous_one_and_that_is_said(bool truncated)
    {
        Assert.Equal(0, Train("--set", "train.keep=[best, latest, previous]").Code);
        var bytes = File.ReadAllBytes(Latest);
        bytes[^100] ^= 1;
        File.WriteAllBytes(Latest, truncated ? bytes[..(bytes.Length / 2)] : bytes);
        var shell = Resume();
        Assert.Equal(0, shell.Code);
        Assert.StartsWith($"warning: {Latest}: ", shell.Error, StringComparison.Ordinal);
        Assert.Contains(
            $"; the previous checkpoint is used: {RunFolder.CheckpointsOf(Run).PreviousPath}, epoch 2, step 4\n", shell.Error, StringComparison.Ordinal);
        Assert.Contains("the previous checkpoint is used", File.ReadAllText(Path.Combine(Run, "log.jsonl")), StringComparison.Ordinal);
        Assert.Equal(8, Weights.Latest(Run).State.Step);
    }

    [Fact]
    public void Two_damaged_checkpoints_are_not_overwritten()
    {
        Assert.Equal(0, Train("--set", "train.keep=[best, latest, previous]").Code);
        foreach (var path in (string[])[Latest, RunFolder.CheckpointsOf(Run).PreviousPath]) File.WriteAllText(path, "damaged");
        var shell = Resume();
        Assert.Equal(1, shell.Code);
        Assert.StartsWith($"error: {Path.GetDirectoryName(Latest)}: no checkpoint can be read: ", shell.Error, StringComparison.Ordinal);
        Assert.Equal("damaged", File.ReadAllText(Latest));
    }

    [Fact]
    public void Where_both_latest_are_damaged_the_best_is_offered_and_taken()
    {
        Assert.Equal(0, Train("--set", "train.keep=[best_state, latest, previous]").Code);
        foreach (var path in (string[])[Latest, RunFolder.CheckpointsOf(Run).PreviousPath]) File.WriteAllText(path, "damaged");
        var offered = Resume();
        Assert.Equal(1, offered.Code);
        Assert.Matches("'best' is intact \\(after epoch \\d, step \\d\\): go on from it with --resume --checkpoint best: ", offered.Error);
        Assert.EndsWith($": fovea train --data {_data} --out {Run} --resume --checkpoint best\n", offered.Error, StringComparison.Ordinal);
        Assert.Equal(0, Resume("--checkpoint", "best", "--set", "train.epochs=3").Code);
        Assert.Equal(12, Weights.Latest(Run).State.Step);
    }

    [Fact]
    public void Images_that_were_removed_in_mid_epoch_are_told_and_the_next_epoch_can_be_gone_on_with()
    {
        string[] train = ["train", .. TinyData.Flags, "--data", _data, "--out", Run, "--set", "train.epochs=2000", "--set", "train.log_every=1"];
        using (var tool = ToolProcess.Start(train))
        {
            tool.WaitFor("epoch 1/2000  batch 3/4");
            tool.Signal("TERM");
            Assert.Equal(130, tool.End().Code);
        }

        var (batch, epoch) = (Weights.Latest(Run).State.Batch, Weights.Latest(Run).State.Epoch + 1);
        Assert.InRange(batch, 1, 4);
        foreach (var c in TinyData.Classes)
            foreach (var file in Directory.GetFiles(Path.Combine(_data, "train", c)).Skip(1)) File.Delete(file);
        var shell = Resume();
        Assert.Equal(1, shell.Code);
        Assert.Contains(
            $"the run began with 24 training images, now there are 3, so that epoch {epoch}, of which {batch} batches are done, cannot be gone on with",
            shell.Error, StringComparison.Ordinal);
        var next = Resume("--next-epoch", "--set", $"train.epochs={epoch + 1}");
        Assert.Equal(0, next.Code);
        Assert.Equal(epoch + 1, Weights.Latest(Run).State.Epoch);
    }

    [Fact]
    public void A_checkpoint_of_another_model_is_refused()
    {
        Assert.Equal(0, Train("--set", "train.epochs=1").Code);
        var shell = Resume("--set", "model={name: resnet20}", "--set", "train.epochs=2");
        Assert.Equal(1, shell.Code);
        Assert.StartsWith(
            $"error: {Latest}: the run cannot go on by this recipe: model.name: repvgg → resnet20, but the weights are those of its model; ", shell.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Data_of_other_classes_are_refused()
    {
        Assert.Equal(0, Train("--set", "train.epochs=1").Code);
        Directory.Move(Path.Combine(_data, "train", "red"), Path.Combine(_data, "train", "pink"));
        Directory.Move(Path.Combine(_data, "val", "red"), Path.Combine(_data, "val", "pink"));
        var shell = Resume("--set", "train.epochs=2");
        Assert.Equal(1, shell.Code);
        Assert.Contains("its class 2 is 'red', in the data set it is 'pink'", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_another_size_are_refused_with_the_number_that_fits()
    {
        Assert.Equal(0, Shell.Run("train", "--model", "resnet20", "--data", _data, "--out", Run, "--set", "train.epochs=1", "--set", "data.workers=1").Code);
        Shell.Fails(
            2, $"{Latest}: these weights are for 3 classes; resnet20 was asked for with 5. Wanted --classes 3, or other weights",
            "validate", "--model", "resnet20", "--weights", Latest, "--classes", "5", "--data", _data);
        var fitting = Shell.Run("validate", "--model", "resnet20", "--weights", Latest, "--data", _data, "--json");
        Assert.Equal((0, 12), (fitting.Code, fitting.Json.GetProperty("images").GetInt32()));
        var other = Shell.Run("validate", "--model", "resnet32", "--weights", Latest, "--data", _data);
        Assert.Equal(2, other.Code);
        Assert.Contains("these are not the weights of resnet32: ", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_holds_no_weights_is_named()
    {
        var path = _folder.Path("x.pth");
        File.WriteAllBytes(path, Encoding.ASCII.GetBytes("hello, world"));
        var shell = Shell.Run("validate", "--model", "resnet20", "--weights", path, "--data", _data);
        Assert.Equal(1, shell.Code);
        Assert.StartsWith($"error: {path}: ", shell.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("which model? wanted --run DIR, --model FILE (.fovea, .onnx), or --model NAME with --weights FILE or --pretrained")]
    [InlineData(
        "--model resnet20 has no weights; wanted --run DIR, --model FILE (.fovea, .onnx), or --model NAME with --weights FILE or --pretrained",
        "--model", "resnet20")]
    [InlineData("--model does not go with --run: the run says what it is of", "--run", "x", "--model", "resnet20")]
    [InlineData("x: there is no such folder; wanted the folder of a run, as 'fovea train --out' makes it", "--run", "x")]
    [InlineData(
        "--mean is [1, 2]; wanted one number, for grey, or three, for red, green and blue", "--model", "resnet20", "--weights", "x", "--mean", "1", "2")]
    [InlineData("x: there is no such file; wanted weights (.safetensors, .pth, .pt, .th, .pdparams, .ckpt) or a checkpoint", "--model", "resnet20", "--weights", "x")]
    [InlineData("'fovea validate': --precision is 'fp8'; wanted fp32 or bf16 or auto; did you mean 'fp32'?", "--run", "x", "--precision", "fp8")]
    [InlineData("'fovea validate': --split is 'vla'; wanted val or train or all; did you mean 'val'?", "--run", "x", "--split", "vla")]
    [InlineData("'fovea validate': --batch is 'many'; wanted a whole number", "--run", "x", "--batch", "many")]
    [InlineData("'fovea validate': --workers is -3; wanted 0 (one per core) to 1024", "--run", "x", "--workers", "-3")]
    [InlineData("--batch is 0; wanted at least 1", "--run", "x", "--batch", "0")]
    [InlineData("--min-top1 is 81; wanted a fraction, 0 to 1", "--run", "x", "--min-top1", "81")]
    public void Flags_that_do_not_say_which_model_are_wrong_usage(string message, params string[] flags) =>
        Shell.Fails(2, message, ["validate", "--data", _data, .. flags]);

    [Fact]
    public void An_accuracy_below_the_bound_is_a_gate_that_is_not_met()
    {
        Assert.Equal(0, Train("--set", "train.epochs=1").Code);
        var shell = Shell.Run("validate", "--run", Run, "--data", _data, "--min-top1", "1", "--json", "--checkpoint", "latest");
        var top1 = shell.Json.GetProperty("top1").GetDouble();
        Assert.Equal(top1 < 1 ? 3 : 0, shell.Code);
        Assert.Equal(top1 < 1 ? FormattableString.Invariant($"error: top1 is {top1:F6}; wanted at least 1 (--min-top1)\n") : "", shell.Error);
    }
}
