using Fovea.Training.Checkpoints;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;
using Fovea.Training.State;

namespace Fovea.Training.Tests;

/// <summary>A run that is interrupted and resumed does, bit for bit, what an unbroken one does.</summary>
public class ResumeTests
{
    public static TheoryData<int> EveryBatch => [.. Enumerable.Range(0, 10)];

    [Theory]
    [MemberData(nameof(EveryBatch))]
    public void A_run_stopped_before_any_batch_resumes_exactly(int stoppedBefore) => AssertResumes(Runs.Recipe(), stoppedBefore);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void A_run_stopped_between_accumulated_batches_resumes_exactly(int stoppedBefore) => AssertResumes(Runs.Recipe(accumulate: 2), stoppedBefore);

    public static TheoryData<string> Optimizers => [.. OptimizerOptions.Kinds.Select(rule => rule.Kind)];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_run_with_any_optimizer_resumes_exactly(string kind)
    {
        var recipe = Runs.Recipe(optimizer: OptimizerOptions.Kinds.Single(rule => rule.Kind == kind));
        Assert.Empty(recipe.Validate());
        foreach (var stoppedBefore in (int[])[3, 5]) AssertResumes(recipe, stoppedBefore);
    }

    /// <summary>What stands around any rule and clipping; a RepOptimizer, which does not, has tests of its own.</summary>
    private static WrapperOptions[] Around => [.. WrapperOptions.Kinds.Where(wrapper => !wrapper.WantsPlainGradients)];

    public static TheoryData<string> Wrappers => [.. Around.Select(wrapper => wrapper.Kind)];

    [Theory]
    [MemberData(nameof(Wrappers))]
    public void A_run_with_anything_around_its_optimizer_resumes_exactly(string kind) =>
        AssertResumes(Runs.Recipe(optimizer: new SgdOptions { Around = [WrapperOptions.Kinds.Single(wrapper => wrapper.Kind == kind)] }), stoppedBefore: 4);

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void A_run_with_everything_around_its_optimizer_and_accumulated_batches_resumes_exactly(Precision precision)
    {
        var recipe = Runs.Recipe(epochs: 3, accumulate: 2, optimizer: new AdamWOptions { Around = Around });
        recipe = recipe with { Train = recipe.Train with { Precision = precision } };
        foreach (var stoppedBefore in (int[])[3, 8]) AssertResumes(recipe, stoppedBefore);
    }

    [Fact]
    public void A_run_with_an_optimizer_of_the_callers_own_resumes_exactly() =>
        AssertResumes(Runs.Recipe(optimizer: new DecayingSigns()), stoppedBefore: 5);

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void A_run_in_bf16_resumes_exactly(int stoppedBefore)
    {
        var recipe = Runs.Recipe();
        AssertResumes(recipe with { Train = recipe.Train with { Precision = Precision.Bf16 } }, stoppedBefore);
    }

    public static TheoryData<string, int> Losses => new MatrixTheoryData<string, int>(LossOptions.Kinds.Select(loss => loss.Kind), [3, 8]);

    [Theory]
    [MemberData(nameof(Losses))]
    [Trait("row", "S0-11")]
    public void A_run_with_any_loss_resumes_exactly_with_what_the_loss_remembers(string kind, int stoppedBefore) =>
        AssertResumes(Runs.Recipe() with { Loss = LossOptions.Kinds.Single(loss => loss.Kind == kind) }, stoppedBefore);

    [Theory]
    [InlineData("eqlv2", 3)]
    [InlineData("seesaw", 7)]
    [Trait("row", "S0-11")]
    public void A_loss_with_a_memory_resumes_exactly_between_accumulated_batches_and_in_bf16(string kind, int stoppedBefore)
    {
        var recipe = Runs.Recipe(accumulate: 2) with { Loss = LossOptions.Kinds.Single(loss => loss.Kind == kind) };
        AssertResumes(recipe with { Train = recipe.Train with { Precision = Precision.Bf16 } }, stoppedBefore);
    }

    [Theory]
    [InlineData(4)]
    public void A_run_whose_schedule_sets_the_momentum_resumes_exactly(int stoppedBefore) =>
        AssertResumes(Runs.Recipe(accumulate: 2) with { Schedule = new OneCycleOptions() }, stoppedBefore);

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void A_run_whose_rate_follows_evaluations_resumes_exactly(int stoppedBefore) =>
        AssertResumes(Runs.Recipe(epochs: 4) with { Schedule = new PlateauOptions { Patience = 0, Threshold = 0.5 } }, stoppedBefore);

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void A_run_that_dies_goes_on_from_its_last_checkpoint_exactly(int diesBefore)
    {
        var recipe = Runs.Recipe();
        recipe = recipe with { Train = recipe.Train with { CheckpointEverySteps = 2 } };
        using var folder = new TemporaryFolder();
        var images = Runs.Images;
        images.Before = (epoch, batch) =>
        {
            if ((epoch * images.Batches) + batch == diesBefore + 1) throw new TrainingException("no checkpoint is written after this one");
        };
        using (var dying = new Trainer(Runs.Options(recipe, new(folder.Path("c")), images)))
            Assert.Throws<TrainingException>(() => dying.Run(new RecordingLog(), TestContext.Current.CancellationToken));

        var (expected, unbroken) = Unbroken(recipe);
        using var resumed = new Trainer(Runs.Options(recipe, new(folder.Path("c"))));
        Assert.Equal(diesBefore, resumed.State.Step);
        var log = new RecordingLog();
        resumed.Run(log, TestContext.Current.CancellationToken);
        Assert.Equal(expected, Runs.Variables(resumed));
        Assert.Equal(unbroken.Epochs[^1].TrainLoss, log.Epochs[^1].TrainLoss);
    }

    [Fact]
    public void A_run_whose_images_fail_is_saved_where_it_stands()
    {
        using var folder = new TemporaryFolder();
        var images = Runs.Images;
        images.Before = (epoch, batch) =>
        {
            if ((epoch, batch) == (1, 3)) throw new IOException("c.png: is gone");
        };
        using (var failing = new Trainer(Runs.Options(Runs.Recipe(), new(folder.Path("c")), images)))
            Assert.Throws<IOException>(() => failing.Run(new RecordingLog(), TestContext.Current.CancellationToken));
        using var resumed = new Trainer(Runs.Options(Runs.Recipe(), new(folder.Path("c"))));
        Assert.Equal((1, 3, 8), (resumed.State.Epoch, resumed.State.Batch, resumed.State.Step));
        resumed.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        Assert.Equal(Unbroken(Runs.Recipe()).Variables, Runs.Variables(resumed));
    }

    [Fact]
    public void A_run_stopped_in_evaluation_evaluates_again()
    {
        var recipe = Runs.Recipe();
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var validation = Runs.Validation;
        validation.Before = (_, batch) =>
        {
            if (batch == 1) stop.Cancel();
        };
        using (var stopped = new Trainer(Runs.Options(recipe, new(folder.Path("c"))) with { Validation = validation }))
            Assert.Equal(TrainingEnd.Interrupted, stopped.Run(new RecordingLog(), stop.Token));

        var (expected, unbroken) = Unbroken(recipe);
        using var resumed = new Trainer(Runs.Options(recipe, new(folder.Path("c"))));
        var log = new RecordingLog();
        resumed.Run(log, TestContext.Current.CancellationToken);
        Assert.Equal(expected, Runs.Variables(resumed));
        Assert.Equal(unbroken.Epochs.Select(epoch => epoch.Validation!.Loss), log.Epochs.Select(epoch => epoch.Validation!.Loss));
    }

    [Fact]
    public void A_finished_run_has_nothing_left_to_do()
    {
        using var folder = new TemporaryFolder();
        var recipe = Runs.Recipe(epochs: 1);
        using (var first = new Trainer(Runs.Options(recipe, new(folder.Path("c"))))) first.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        using var again = new Trainer(Runs.Options(recipe, new(folder.Path("c"))));
        var log = new RecordingLog();
        Assert.Equal(TrainingEnd.Finished, again.Run(log, TestContext.Current.CancellationToken));
        Assert.Empty(log.Epochs);
    }

    [Fact]
    [Trait("row", "S0-12")]
    public void Best_and_kept_checkpoints_are_those_of_their_epochs()
    {
        using var folder = new TemporaryFolder();
        var recipe = Runs.Recipe(epochs: 3);
        var checkpoints = new CheckpointFolder(folder.Path("c"));
        using var trainer = new Trainer(Runs.Options(recipe with { Train = recipe.Train with { CheckpointEvery = 2 } }, checkpoints));
        trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        Assert.Equal(trainer.State.BestEpoch, CheckpointFile.Read(checkpoints.BestPath).State.Epoch);
        Assert.Equal(2, CheckpointFile.Read(checkpoints.EpochPath(2)).State.Epoch);
        Assert.False(File.Exists(checkpoints.EpochPath(1)));
        Assert.Equal(3, CheckpointFile.Read(checkpoints.LatestPath).State.Epoch);
    }

    internal static void AssertResumes(TrainRecipe recipe, int stoppedBefore)
    {
        using var folder = new TemporaryFolder();
        var first = Stopped(recipe, folder, stoppedBefore);
        var (expected, unbroken) = Unbroken(recipe);
        using var resumed = new Trainer(Runs.Options(recipe, new(folder.Path("c"))));
        var log = new RecordingLog();
        Assert.Equal(TrainingEnd.Finished, resumed.Run(log, TestContext.Current.CancellationToken));
        Assert.Equal(expected, Runs.Variables(resumed));
        Assert.Equal(
            unbroken.Epochs.Select(epoch => (epoch.TrainLoss, epoch.TrainTop1, epoch.Validation!.Loss, epoch.BestTop1)),
            first.Epochs.Concat(log.Epochs).Select(epoch => (epoch.TrainLoss, epoch.TrainTop1, epoch.Validation!.Loss, epoch.BestTop1)));
        Assert.Equal(
            unbroken.Steps.Select(step => (step.Step, step.Loss, step.MeanLoss, step.LearningRate, step.GradientNorm)),
            first.Steps.Concat(log.Steps).Select(step => (step.Step, step.Loss, step.MeanLoss, step.LearningRate, step.GradientNorm)));
    }

    private static RecordingLog Stopped(TrainRecipe recipe, TemporaryFolder folder, int stoppedBefore)
    {
        using var stop = new CancellationTokenSource();
        var images = Runs.Images;
        images.Before = (epoch, batch) =>
        {
            if ((epoch * images.Batches) + batch == stoppedBefore) stop.Cancel();
        };
        using var trainer = new Trainer(Runs.Options(recipe, new(folder.Path("c")), images));
        var log = new RecordingLog();
        Assert.Equal(TrainingEnd.Interrupted, trainer.Run(log, stop.Token));
        return log;
    }

    private static (SortedDictionary<string, byte[]> Variables, RecordingLog Log) Unbroken(TrainRecipe recipe)
    {
        using var trainer = new Trainer(Runs.Options(recipe));
        var log = new RecordingLog();
        trainer.Run(log, TestContext.Current.CancellationToken);
        return (Runs.Variables(trainer), log);
    }
}
