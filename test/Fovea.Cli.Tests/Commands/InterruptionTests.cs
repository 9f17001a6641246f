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
        }

        EndsLikeAnUnbrokenOne("--precision", precision);
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
        var epochs = Weights.Latest(Broken).State.Epoch + 2;
        string[] shorter = ["--set", $"train.epochs={epochs}"];
        var resumed = Shell.Run(["train", "--data", _data, "--out", Broken, "--resume", .. shorter]);
        Assert.Equal(0, resumed.Code);
        Assert.Contains($"\nresumed in epoch {epochs - 1} of {epochs} after ", resumed.Out, StringComparison.Ordinal);
        Assert.Equal(0, Shell.Run(Command(Unbroken, [.. more, .. shorter])).Code);
        Weights.Same(Unbroken, Broken);
    }
}
