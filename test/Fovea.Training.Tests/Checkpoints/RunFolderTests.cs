using System.Diagnostics;
using System.Globalization;
using Fovea.Training.Checkpoints;
using Fovea.Training.State;

namespace Fovea.Training.Tests.Checkpoints;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_run_in_a_folder_is_refused_and_told_by_whom()
    {
        using (RunFolder.Open(_folder.Path("run"), resume: false))
        {
            var error = Assert.Throws<TrainingException>(() => RunFolder.Open(_folder.Path("run"), resume: true));
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on "), error.Message, StringComparison.Ordinal);
            Assert.EndsWith("is training in this folder; wait for it, stop it, or choose another folder", error.Message, StringComparison.Ordinal);
        }

        RunFolder.Open(_folder.Path("run"), resume: false).Dispose();
    }

    [Fact]
    public void What_stands_in_the_place_of_the_process_number_is_replaced_and_not_written_into()
    {
        Directory.CreateDirectory(_folder.Path("run"));
        File.WriteAllText(_folder.Path("precious"), "theirs");
        File.CreateSymbolicLink(_folder.Path("run/run.pid"), _folder.Path("precious"));
        using (RunFolder.Open(_folder.Path("run"), resume: true)) Assert.Equal("theirs", File.ReadAllText(_folder.Path("precious")));

        using (var made = Process.Start("mkfifo", [_folder.Path("run/run.pid")])) made.WaitForExit();
        RunFolder.Open(_folder.Path("run"), resume: true).Dispose();
    }

    [Fact]
    public void A_folder_that_a_run_made_and_did_not_use_goes_with_it()
    {
        var run = RunFolder.Open(_folder.Path("run"), resume: false);
        run.Dispose();
        run.DeleteIfUnused();
        Assert.False(Directory.Exists(_folder.Path("run")));
    }

    [Fact]
    public void A_folder_that_was_there_before_or_holds_something_stays()
    {
        Directory.CreateDirectory(_folder.Path("old"));
        var old = RunFolder.Open(_folder.Path("old"), resume: false);
        old.Dispose();
        old.DeleteIfUnused();
        Assert.True(Directory.Exists(_folder.Path("old")));

        var used = RunFolder.Open(_folder.Path("new"), resume: false);
        File.WriteAllText(used.LogPath, "");
        used.Dispose();
        used.DeleteIfUnused();
        Assert.True(File.Exists(used.LogPath));
    }

    [Theory]
    [InlineData("recipe.yaml")]
    [InlineData("log.jsonl")]
    [InlineData("metrics.csv")]
    public void Files_of_somebody_else_are_not_written_over(string name)
    {
        Directory.CreateDirectory(_folder.Path("run"));
        File.WriteAllText(_folder.Path($"run/{name}"), "theirs");
        var error = Assert.Throws<TrainingException>(() => RunFolder.Open(_folder.Path("run"), resume: false));
        Assert.Contains($"run: holds {name}, which no run has written here", error.Message, StringComparison.Ordinal);
        Assert.Equal([name], Directory.GetFileSystemEntries(_folder.Path("run")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_folder_with_other_files_can_hold_a_run()
    {
        Directory.CreateDirectory(_folder.Path("run"));
        File.WriteAllText(_folder.Path("run/notes.txt"), "mine");
        RunFolder.Open(_folder.Path("run"), resume: false).Dispose();
    }

    [Fact]
    public void A_lock_that_a_dead_process_has_left_holds_nobody_up()
    {
        Directory.CreateDirectory(_folder.Path("run"));
        File.WriteAllText(_folder.Path("run/run.lock"), "");
        File.WriteAllText(_folder.Path("run/run.pid"), "1 on elsewhere\n");
        RunFolder.Open(_folder.Path("run"), resume: true).Dispose();
        Assert.False(File.Exists(_folder.Path("run/run.pid")));
    }

    [Fact]
    public void A_folder_that_holds_a_run_wants_resume()
    {
        using (var run = RunFolder.Open(_folder.Path("run"), resume: false)) run.Checkpoints.SaveLatest(CheckpointFolderTests.At(step: 1));
        var error = Assert.Throws<TrainingException>(() => RunFolder.Open(_folder.Path("run"), resume: false));
        Assert.EndsWith("holds a run already; continue it with --resume, or choose another folder", error.Message, StringComparison.Ordinal);
        RunFolder.Open(_folder.Path("run"), resume: true).Dispose();
    }

    [Fact]
    public void A_file_in_place_of_the_folder_is_an_error_that_says_so()
    {
        File.WriteAllText(_folder.Path("run"), "");
        var error = Assert.Throws<TrainingException>(() => RunFolder.Open(_folder.Path("run"), resume: false));
        Assert.Contains("run: cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_another_model_is_refused() =>
        AssertRefused(facts => facts with { Model = "other" }, "it is of the model other, this run trains tiny");

    [Fact]
    public void A_checkpoint_of_other_classes_is_refused()
    {
        AssertRefused(facts => facts with { Classes = ["ant"] }, "it has 1 class, the data set has 3");
        AssertRefused(facts => facts with { Classes = ["ant", "bee", "dog"] }, "its class 2 is 'dog', in the data set it is 'cat'");
    }

    [Fact]
    public void A_checkpoint_of_another_course_is_refused()
    {
        AssertRefused(facts => facts with { BatchSize = 8 }, "the run began with train.batch_size 8, now it is 4");
        AssertRefused(facts => facts with { Seed = 8 }, "the run began with train.seed 8, now it is 7");
    }

    [Fact]
    public void A_checkpoint_of_another_optimizer_is_refused()
    {
        var checkpoints = Saved(facts => facts);
        var recipe = Runs.Recipe(optimizer: new Training.Optimizers.AdamWOptions());
        var error = Assert.Throws<TrainingException>(() => new Trainer(Runs.Options(recipe, checkpoints)));
        Assert.Contains("it lacks adam_m/conv.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("(has the optimizer, what is around it, the loss, the average or freeze changed?)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_images_is_a_warning()
    {
        using var trainer = new Trainer(Runs.Options(Runs.Recipe(), Saved(facts => facts with { Samples = 99 })));
        var log = new RecordingLog();
        trainer.Run(log, TestContext.Current.CancellationToken);
        Assert.Contains("the run began with 99 training images, now there are 18", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_told_and_the_latest_checkpoint_stays()
    {
        using var disk = SmallDisk.Mount(_folder.Path("disk"), bytes: 1 << 20);
        if (disk is null) Assert.Skip("a small tmpfs cannot be mounted here");
        var checkpoints = new CheckpointFolder(Path.Combine(disk.Root, "checkpoints"));
        checkpoints.SaveLatest(CheckpointFolderTests.At(step: 1));
        var error = Assert.Throws<IOException>(() => checkpoints.SaveLatest(CheckpointFolderTests.At(step: 2, elements: 1 << 20)));
        Assert.Contains("the disk is full", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, checkpoints.LoadLatest(text => Assert.Fail(text))!.State.Step);
        Assert.Equal(["latest.safetensors"], Directory.GetFiles(checkpoints.Path).Select(Path.GetFileName));
    }

    private void AssertRefused(Func<RunFacts, RunFacts> change, string reason)
    {
        var checkpoints = Saved(change);
        var error = Assert.Throws<TrainingException>(() => new Trainer(Runs.Options(Runs.Recipe(), checkpoints)));
        Assert.Contains($"the run cannot go on from here: {reason}", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The checkpoint that a run leaves after its first epoch, with changed facts.</summary>
    private CheckpointFolder Saved(Func<RunFacts, RunFacts> change)
    {
        var checkpoints = new CheckpointFolder(_folder.Path(Guid.NewGuid().ToString()));
        using (var trainer = new Trainer(Runs.Options(Runs.Recipe(epochs: 1), checkpoints)))
            trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        var checkpoint = CheckpointFile.Read(checkpoints.LatestPath);
        checkpoints.SaveLatest(checkpoint with { Facts = change(checkpoint.Facts) });
        return checkpoints;
    }

    /// <summary>A file system of its own, mounted while it lives.</summary>
    private sealed class SmallDisk : IDisposable
    {
        internal required string Root { get; init; }

        internal static SmallDisk? Mount(string root, int bytes)
        {
            Directory.CreateDirectory(root);
            var size = string.Create(CultureInfo.InvariantCulture, $"size={bytes}");
            return Call("mount", "-t", "tmpfs", "-o", size, "tmpfs", root) ? new() { Root = root } : null;
        }

        public void Dispose() => Call("umount", Root);

        private static bool Call(string program, params string[] arguments)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
                process.StandardError.ReadToEnd();
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }
}
