using Fovea.Training.Checkpoints;

namespace Fovea.Cli.Tests.Commands;

/// <summary>What a run survives.</summary>
public sealed class InterruptionTests : IDisposable
{
    // So many epochs that no signal comes too late, and a rate that does not depend on their number: the course can be cut short afterwards.
    private static readonly string[] s_course =
        ["--set", "train.epochs=2000", "--set", "schedule={kind: constant}", "--set", "train.validate_every=0", "--set", "train.log_every=1"];

    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public InterruptionTests() => _data = TinyData.Make(_folder);

    public void Dispose() => _folder.Dispose();

    private string Broken => _folder.Path("broken");

    private string Unbroken => _folder.Path("unbroken");

    private string[] Command(string run, params string[] more) => ["train", .. TinyData.Flags, "--data", _data, "--out", run, .. s_course, .. more];

    [Theory]
    [InlineData("TERM", "fp32")]
    [InlineData("INT", "bf16")]
    public void A_signal_saves_and_the_resumed_run_ends_like_an_unbroken_one(string signal, string precision)
    {
        using (var tool = ToolProcess.Start(Command(Broken, "--precision", precision)))
        {
            tool.WaitFor("epoch 1/2000  batch 3/4");
            tool.Signal(signal);
            var stopped = tool.End();
            Assert.Equal(130, stopped.Code);
            Assert.Contains($"to go on: fovea train --data {_data} --out {Broken} --resume\n", stopped.Out, StringComparison.Ordinal);
            Assert.Contains("asked to stop: when the step that is under way has ended, the run is saved\n", stopped.Out, StringComparison.Ordinal);
        }

        EndsLikeAnUnbrokenOne("--precision", precision);
    }

    [Fact]
    public void Two_signals_in_a_row_save_as_one_does()
    {
        using (var tool = ToolProcess.Start(Command(Broken)))
        {
            tool.WaitFor("epoch 1/2000  batch 3/4");
            tool.Signal("TERM");
            tool.Signal("TERM");
            var stopped = tool.End();
            Assert.Equal(130, stopped.Code);
            Assert.Contains("the checkpoint is saved; to go on: ", stopped.Out, StringComparison.Ordinal);
        }

        EndsLikeAnUnbrokenOne();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_signal_while_checkpoints_are_written_loses_none(int signals)
    {
        using (var tool = ToolProcess.Start(Command(Broken, "--set", "train.checkpoint_every_steps=1")))
        {
            tool.WaitFor("epoch 2/2000  batch 2/4");
            for (var i = 0; i < signals; i++) tool.Signal("TERM");
            Assert.Equal(130, tool.End().Code);
        }

        Assert.Equal(
            ["latest.prev.safetensors", "latest.safetensors"], Directory.GetFiles(Path.Combine(Broken, "checkpoints")).Select(Path.GetFileName).Order());
        EndsLikeAnUnbrokenOne();
    }

    [Fact]
    public void A_terminal_that_goes_away_stops_the_run_unless_nohup_has_said_otherwise()
    {
        using (var tool = ToolProcess.Start(Command(Broken)))
        {
            tool.WaitFor("epoch 1/2000  batch 3/4");
            tool.Signal("HUP");
            Assert.Equal(130, tool.End().Code);
        }

        using var other = ToolProcess.StartIn("trap '' HUP; exec \"$@\"", Command(Unbroken));
        other.WaitFor("epoch 1/2000  batch 3/4");
        other.Signal("HUP");
        other.WaitFor("epoch 3/2000  batch 3/4");
        other.Signal("TERM");
        Assert.Equal(130, other.End().Code);
    }

    [Fact]
    public void A_killed_run_goes_on_from_its_last_checkpoint_and_ends_like_an_unbroken_one()
    {
        using (var tool = ToolProcess.Start(Command(Broken, "--set", "train.checkpoint_every_steps=3")))
        {
            tool.WaitFor("epoch 2/2000  batch 3/4");
            tool.Signal("KILL");
            Assert.Equal(128 + 9, tool.End().Code);
        }

        EndsLikeAnUnbrokenOne();
    }

    private void EndsLikeAnUnbrokenOne(params string[] more)
    {
        // A kill between two renames leaves the checkpoint before the latest alone.
        var epochs = RunFolder.CheckpointsOf(Broken).LoadLatest(_ => { })!.State.Epoch + 2;
        string[] shorter = ["--set", $"train.epochs={epochs}"];
        var resumed = Shell.Run(["train", "--data", _data, "--out", Broken, "--resume", .. shorter]);
        Assert.Equal(0, resumed.Code);
        Assert.Contains($"\nresumed in epoch {epochs - 1} of {epochs} after ", resumed.Out, StringComparison.Ordinal);
        Assert.Equal(0, Shell.Run(Command(Unbroken, [.. more, .. shorter])).Code);
        Weights.Same(Unbroken, Broken);
    }
}
