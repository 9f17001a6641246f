using Fovea.Training.Checkpoints;
using Fovea.Training.Logging;

namespace Fovea.Training.Tests;

/// <summary>Whatever breaks a run off: what is saved is whole, and what cannot be written holds nothing up.</summary>
public sealed class InterruptedRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private CheckpointFolder Checkpoints => new(_folder.Path("c"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_update_that_fails_at_the_end_of_an_epoch_is_not_saved_as_if_it_had_not()
    {
        var recipe = Runs.Recipe(accumulate: 2);
        recipe = recipe with { Train = recipe.Train with { CheckpointEverySteps = 2 } };
        var options = Runs.Options(recipe, Checkpoints) with { Backend = new FailingBackend(failsAt: 3) };
        using (var trainer = new Trainer(options))
            Assert.Throws<InvalidOperationException>(() => trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken));

        // Five batches make two updates of two, and one of what is left: that one has failed.
        var saved = Checkpoints.LoadLatest(text => Assert.Fail(text))!;
        Assert.Equal((2, 4, 0), (saved.State.Step, saved.State.Batch, saved.State.PendingBatches));
        using var resumed = new Trainer(Runs.Options(recipe, Checkpoints));
        resumed.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        using var unbroken = new Trainer(Runs.Options(recipe));
        unbroken.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        Assert.Equal(Runs.Variables(unbroken), Runs.Variables(resumed));
    }

    [Fact]
    public void A_log_that_fails_after_an_epoch_leaves_its_evaluation_to_be_done_again()
    {
        var failing = new EpochFails();
        using (var trainer = new Trainer(Runs.Options(Runs.Recipe(), Checkpoints)))
            Assert.Throws<InvalidOperationException>(() => trainer.Run(failing, TestContext.Current.CancellationToken));
        var state = Checkpoints.LoadLatest(text => Assert.Fail(text))!.State;
        Assert.Equal((0, 5, 0, -1.0), (state.Epoch, state.Batch, state.BestEpoch, state.BestTop1));
        Assert.False(File.Exists(Checkpoints.BestPath));
        using var resumed = new Trainer(Runs.Options(Runs.Recipe(), Checkpoints));
        var log = new RecordingLog();
        resumed.Run(log, TestContext.Current.CancellationToken);
        Assert.True(log.Epochs[0].IsBest);
        Assert.True(File.Exists(Checkpoints.BestPath));
    }

    [Fact]
    public void A_log_that_cannot_be_written_is_told_once_and_the_run_goes_on()
    {
        var (whole, lost) = (new RecordingLog(), new List<string>());
        using var trainer = new Trainer(Runs.Options(Runs.Recipe(), Checkpoints));
        Assert.Equal(TrainingEnd.Finished, trainer.Run(new CompositeLog(lost.Add, new BrokenLog(), whole), TestContext.Current.CancellationToken));
        Assert.Equal((10, 2), (whole.Steps.Count, whole.Epochs.Count));
        Assert.Equal("a log cannot be written: No space left on device; the run goes on, what cannot be written is missing there", Assert.Single(lost));
        Assert.Equal(lost, whole.Warnings);
        Assert.Equal(2, Checkpoints.LoadLatest(text => Assert.Fail(text))!.State.Epoch);
    }

    [Fact]
    public void A_run_whose_only_log_cannot_be_written_goes_on()
    {
        using var trainer = new Trainer(Runs.Options(Runs.Recipe(), Checkpoints));
        Assert.Equal(TrainingEnd.Finished, trainer.Run(new BrokenLog(), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("log.jsonl")]
    [InlineData("metrics.csv")]
    public void A_file_of_the_log_on_a_full_disk_does_not_hold_up_the_run(string file)
    {
        using var run = RunFolder.Open(_folder.Path("run"), resume: false);
        File.CreateSymbolicLink(Path.Combine(run.Path, file), "/dev/full");
        using var trainer = new Trainer(Runs.Options(Runs.Recipe(), run.Checkpoints));
        var lost = new List<string>();
        using (var logs = new FolderLogs(run, trainer.State, TimeProvider.System, lost.Add))
            Assert.Equal(TrainingEnd.Finished, trainer.Run(logs, TestContext.Current.CancellationToken));
        Assert.StartsWith("a log cannot be written: No space left on device", Assert.Single(lost), StringComparison.Ordinal);
        Assert.Equal(2, run.Checkpoints.LoadLatest(text => Assert.Fail(text))!.State.Epoch);
    }

    [Fact]
    public async Task A_run_whose_reading_hangs_is_saved_by_another_thread_as_it_stands()
    {
        using var stop = new CancellationTokenSource();
        using var hangs = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        var images = Runs.Images;
        images.Before = (epoch, batch) =>
        {
            if ((epoch, batch) != (1, 2)) return;
            hangs.Set();
            goesOn.Wait(TestContext.Current.CancellationToken);
        };
        using var trainer = new Trainer(Runs.Options(Runs.Recipe(), Checkpoints, images));
        var run = Task.Run(() => trainer.Run(new RecordingLog(), stop.Token), TestContext.Current.CancellationToken);
        hangs.Wait(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        Assert.True(trainer.SaveAndClose());
        Assert.False(trainer.SaveAndClose());
        var saved = await File.ReadAllBytesAsync(Checkpoints.LatestPath, TestContext.Current.CancellationToken);
        goesOn.Set();
        Assert.Equal(TrainingEnd.Interrupted, await run);
        Assert.Equal(saved, await File.ReadAllBytesAsync(Checkpoints.LatestPath, TestContext.Current.CancellationToken));
        var state = Checkpoints.LoadLatest(text => Assert.Fail(text))!.State;
        Assert.Equal((1, 2, 7), (state.Epoch, state.Batch, state.Step));
    }

    [Fact]
    public void A_run_that_is_closed_while_it_computes_trains_no_more()
    {
        var images = Runs.Images;
        Trainer? trainer = null;
        images.Before = (_, batch) =>
        {
            if (batch == 3) trainer!.SaveAndClose();
        };
        using (trainer = new Trainer(Runs.Options(Runs.Recipe(), Checkpoints, images)))
            Assert.Throws<OperationCanceledException>(() => trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken));
        Assert.Equal(3, Checkpoints.LoadLatest(text => Assert.Fail(text))!.State.Step);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_ends_the_run_and_keeps_the_last()
    {
        var recipe = Runs.Recipe(epochs: 1);
        using (var first = new Trainer(Runs.Options(recipe, Checkpoints))) first.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        var before = File.ReadAllBytes(Checkpoints.LatestPath);

        // A folder stands where the next checkpoint is made; not even root can rename a file over it.
        Directory.CreateDirectory(Path.Combine(Checkpoints.Path, "latest.next.safetensors"));
        using var trainer = new Trainer(Runs.Options(Runs.Recipe(), Checkpoints));
        var error = Assert.Throws<IOException>(() => trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken));
        Assert.Contains("latest.next.safetensors: is a folder; wanted the path of a file", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Checkpoints.LatestPath));
        Assert.DoesNotContain(Directory.GetFiles(Checkpoints.Path), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private sealed class EpochFails : ITrainingLog
    {
        public void Step(in StepReport report)
        {
        }

        public void Epoch(EpochReport report) => throw new InvalidOperationException("a fault of the log, not of its file");

        public void Message(string text)
        {
        }

        public void Warning(string text)
        {
        }
    }
}
