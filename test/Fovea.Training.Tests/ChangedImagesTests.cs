using Fovea.Training.Checkpoints;
using Fovea.Training.State;

namespace Fovea.Training.Tests;

/// <summary>Runs whose images are not those that they began with.</summary>
public sealed class ChangedImagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private CheckpointFolder Checkpoints => new(_folder.Path("c"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(50)]
    public void A_checkpoint_in_mid_epoch_of_another_number_of_images_says_what_changed_and_what_to_do(int samples)
    {
        StopAt(batch: 3);
        var error = Assert.Throws<TrainingException>(() => new Trainer(Options(samples)));
        Assert.Equal(
            $"{Checkpoints.LatestPath}: the run began with 18 training images, now there are {samples}, so that epoch 2, of which 3 batches are done, "
            + "cannot be gone on with. Restore the images (and data.validation_fraction, train.drop_last), or go on at the next epoch with --next-epoch",
            error.Message);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(50, 13)]
    public void It_goes_on_at_the_next_epoch_if_asked(int samples, int batches)
    {
        StopAt(batch: 3);
        using var trainer = new Trainer(Options(samples) with { AtNextEpoch = true });
        var log = new RecordingLog();
        Assert.Equal(TrainingEnd.Finished, trainer.Run(log, TestContext.Current.CancellationToken));
        Assert.Equal([2, 3], log.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(5 + 3 + batches, trainer.State.Step);
        Assert.EndsWith(
            $"the run began with 18 training images, now there are {samples}; epoch 2 ends after 3 batches", Assert.Single(log.Warnings),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("first", false)]
    [InlineData("second", true)]
    [InlineData("", false)]
    public void Other_images_that_are_held_back_are_told_and_the_checkpoint_keeps_those_of_the_beginning(string now, bool isTold)
    {
        StopAt(batch: 3, heldBack: "first");
        var log = new RecordingLog();
        using (var trainer = new Trainer(Options(18) with { HeldBack = now }))
            Assert.Equal(TrainingEnd.Finished, trainer.Run(log, TestContext.Current.CancellationToken));
        Assert.Equal(isTold, log.Warnings.Any(text => text.Contains("other images are held back now than when the run began", StringComparison.Ordinal)));
        var checkpoint = Checkpoints.LoadLatest(text => Assert.Fail(text))!;
        Assert.Equal((3, "first"), (checkpoint.State.Epoch, checkpoint.Facts.HeldBack));
    }

    [Fact]
    public void Gradients_that_wait_when_an_epoch_ends_early_are_not_lost()
    {
        StopAt(batch: 3, accumulate: 2);
        using var trainer = new Trainer(Options(samples: 4, accumulate: 2) with { AtNextEpoch = true });
        trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        Assert.Equal((3 + 2 + 1, 0), (trainer.State.Step, trainer.State.PendingBatches));
    }

    [Fact]
    public void As_many_other_images_are_told_from_those_that_the_run_began_with()
    {
        StopAt(batch: 3);
        var error = Assert.Throws<TrainingException>(() => new Trainer(Options(18) with { ImagesDigest = "other" }));
        Assert.Contains(
            "there are 18 training images as when the run began, but others: names, order or classes have changed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_behind_the_end_of_its_epoch_is_refused()
    {
        StopAt(batch: 3);
        var checkpoint = Checkpoints.LoadLatest(text => Assert.Fail(text))!;
        (checkpoint.State.Batch, checkpoint.State.Batches, checkpoint.State.Samples) = (10, 15, 40);
        Checkpoints.SaveLatest(checkpoint);
        var error = Assert.Throws<TrainingException>(() => new Trainer(Options(18)));
        Assert.Contains("the checkpoint stands after 10 batches, an epoch now has 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_that_have_come_and_gone_are_named()
    {
        StopAt(batch: 3);
        var options = Options(18) with { Classes = ["ant", "bee", "cow", "dog"], Model = batch => TinyModel.Net(batch, classes: 4, dropout: 0.2) };
        var error = Assert.Throws<TrainingException>(() => new Trainer(options));
        Assert.Contains("it has 3 classes, the data set has 4; new: cow, dog; gone: cat", error.Message, StringComparison.Ordinal);
    }

    private static Training.Recipes.TrainRecipe Recipe(int accumulate) => Runs.Recipe(epochs: 3, accumulate);

    private void StopAt(int batch, int accumulate = 1, string? heldBack = null)
    {
        using var stop = new CancellationTokenSource();
        var images = Runs.Images;
        images.Before = (epoch, number) =>
        {
            if ((epoch, number) == (1, batch)) stop.Cancel();
        };
        using var trainer = new Trainer(Runs.Options(Recipe(accumulate), Checkpoints, images) with { ImagesDigest = "these", HeldBack = heldBack });
        Assert.Equal(TrainingEnd.Interrupted, trainer.Run(new RecordingLog(), stop.Token));
    }

    private TrainerOptions Options(int samples, int accumulate = 1) =>
        Runs.Options(Recipe(accumulate), Checkpoints, new MemoryBatches(samples, batchSize: 4)) with { ImagesDigest = "these" };
}
