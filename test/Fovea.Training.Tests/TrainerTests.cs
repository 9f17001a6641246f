using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Checkpoints;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.State;

namespace Fovea.Training.Tests;

public class TrainerTests
{
    [Fact]
    public void A_tiny_run_learns_its_classes()
    {
        var recipe = Runs.Recipe(epochs: 8) with { Optimizer = new SgdOptions { LearningRate = 0.3 } };
        using var trainer = new Trainer(Runs.Options(recipe, model: batch => TinyModel.Net(batch)));
        var log = new RecordingLog();
        Assert.Equal(TrainingEnd.Finished, trainer.Run(log, TestContext.Current.CancellationToken));
        Assert.True(log.Epochs[^1].TrainLoss < log.Epochs[0].TrainLoss);
        Assert.True(trainer.State.BestTop1 >= 0.8, $"best top-1 is {trainer.State.BestTop1}");
        Assert.Equal(trainer.State.BestEpoch, log.Epochs.Last(epoch => epoch.IsBest).Epoch);
    }

    [Fact]
    public void Reports_count_epochs_batches_and_steps()
    {
        using var trainer = new Trainer(Runs.Options(Runs.Recipe(epochs: 2, accumulate: 2)));
        var log = new RecordingLog();
        trainer.Run(log, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3, 4, 5, 6], log.Steps.Select(step => step.Step));
        Assert.Equal([2, 4, 5, 2, 4, 5], log.Steps.Select(step => (long)step.Batch));
        Assert.Equal([1, 1, 1, 2, 2, 2], log.Steps.Select(step => step.Epoch));
        Assert.All(log.Steps, step => Assert.True(step.GradientNorm > 0));
        Assert.Equal(log.Steps[2].MeanLoss, log.Epochs[0].TrainLoss);
    }

    [Fact]
    public void Evaluations_come_as_often_as_asked_and_after_the_last_epoch()
    {
        var recipe = Runs.Recipe(epochs: 3);
        using var trainer = new Trainer(Runs.Options(recipe with { Train = recipe.Train with { ValidateEvery = 2 } }));
        var log = new RecordingLog();
        trainer.Run(log, TestContext.Current.CancellationToken);
        Assert.Equal([false, true, true], log.Epochs.Select(epoch => epoch.Validation is not null));
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_the_run_and_leaves_the_latest_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path("c"));
        var recipe = Runs.Recipe();
        using var trainer = new Trainer(Runs.Options(recipe with { Train = recipe.Train with { CheckpointEverySteps = 1 } }, checkpoints, model: Exploding));
        var error = Assert.Throws<TrainingException>(() => trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken));
        Assert.StartsWith("epoch 1, batch 3, step 3: the loss is NaN at learning rate ", error.Message, StringComparison.Ordinal);
        Assert.Contains(checkpoints.LatestPath, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, checkpoints.LoadLatest(text => Assert.Fail(text))!.State.Step);
    }

    [Fact]
    [Trait("row", "S0-13")]
    [Trait("row", "S1-06")]
    public void The_linear_rule_is_told()
    {
        var recipe = Runs.Recipe(epochs: 1, accumulate: 2, optimizer: new SgdOptions { LearningRate = 0.1, LinearRuleBatch = 16 });
        using var trainer = new Trainer(Runs.Options(recipe));
        var log = new RecordingLog();
        trainer.Run(log, TestContext.Current.CancellationToken);
        Assert.Contains("learning rate 0.1 × 8 / 16 = 0.05", log.Messages);
    }

    [Fact]
    public void Mixed_precision_stays_near_to_fp32_but_is_not_the_same()
    {
        double Loss(Precision precision)
        {
            var recipe = Runs.Recipe(epochs: 1);
            using var trainer = new Trainer(Runs.Options(recipe with { Train = recipe.Train with { Precision = precision } }));
            var log = new RecordingLog();
            trainer.Run(log, TestContext.Current.CancellationToken);
            return log.Epochs[0].TrainLoss;
        }

        var (expected, actual) = (Loss(Precision.Fp32), Loss(Precision.Bf16));
        Assert.NotEqual(expected, actual);
        Assert.Equal(expected, actual, 0.02);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        var error = Assert.Throws<RecipeException>(() => new Trainer(Runs.Options(Runs.Recipe(epochs: 0))));
        Assert.Contains("train.epochs: 0; wanted at least 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_class_is_refused()
    {
        var error = Assert.Throws<TrainingException>(() => new Trainer(Runs.Options(Runs.Recipe()) with { Classes = ["ant"] }));
        Assert.Equal("the data set has 1 class, 'ant'; wanted at least 2, in a folder each", error.Message);
    }

    [Fact]
    public void Fewer_images_than_a_batch_are_trained_in_a_short_one()
    {
        using var trainer = new Trainer(Runs.Options(Runs.Recipe(epochs: 1), images: new MemoryBatches(samples: 3, batchSize: 4)));
        Assert.Equal(TrainingEnd.Finished, trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken));
        Assert.Equal(1, trainer.State.Step);
    }

    [Fact]
    public void No_batch_at_all_is_refused()
    {
        var error = Assert.Throws<TrainingException>(() => new Trainer(Runs.Options(Runs.Recipe(), images: new MemoryBatches(samples: 0, batchSize: 4))));
        Assert.Contains("drop_last", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_other_classes_is_refused()
    {
        var error = Assert.Throws<TrainingException>(() => new Trainer(Runs.Options(Runs.Recipe(), model: batch => TinyModel.Net(batch, classes: 5))));
        Assert.Equal("the model tiny makes logits [1, 5]; 3 classes want [N, 3]", error.Message);
    }

    /// <summary>A net that is fine for two steps: its state counts down, and the third divides zero by zero.</summary>
    private static Graph Exploding(int batch) => TinyModel.LinearNet(batch, logits =>
    {
        var left = logits.Graph.State("left", new Shape(1, 1), new Initializer.Fill(3));
        var fuse = left.Affine(1, -1);
        logits.Graph.Update(left, fuse);
        return logits.Plus(fuse.Over(fuse));
    });
}
