using Fovea.Options;
using Fovea.Training.Checkpoints;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.State;

namespace Fovea.Training.Tests;

public sealed class EarlyStopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_ends_when_so_many_epochs_brought_nothing_better_and_is_over_when_it_is_resumed()
    {
        var recipe = Stalling(epochs: 50, early: 3);
        var folder = new CheckpointFolder(_folder.Path("run"));
        var log = new RecordingLog();
        using (var trainer = new Trainer(Runs.Options(recipe, folder)))
        {
            Assert.False(trainer.IsOver);
            Assert.Equal(TrainingEnd.Finished, trainer.Run(log));
            Assert.True(trainer.IsOver);
            Assert.Equal(trainer.State.BestEpoch + 3, trainer.State.Epoch);
            Assert.InRange(trainer.State.Epoch, 4, 49);
            Assert.Contains(
                $"ended after epoch {trainer.State.Epoch}: none has been better than epoch {trainer.State.BestEpoch} (train.early_stop 3)", log.Messages);
        }

        using var resumed = new Trainer(Runs.Options(recipe, folder));
        Assert.True(resumed.IsOver);
    }

    [Fact]
    public void A_run_without_early_stop_takes_all_epochs()
    {
        using var trainer = new Trainer(Runs.Options(Stalling(epochs: 8, early: 0)));
        trainer.Run(new RecordingLog());
        Assert.Equal(8, trainer.State.Epoch);
    }

    [Fact]
    public void Early_stop_wants_evaluations()
    {
        var recipe = Stalling(epochs: 8, early: 2);
        var problem = Assert.Single((recipe with { Train = recipe.Train with { ValidateEvery = 0 } }).Validate());
        Assert.Equal(new OptionProblem("train.early_stop", "2 without evaluations", "0, or train.validate_every above 0"), problem);
        Assert.Equal(
            "train.early_stop 2 follows evaluations; there are no validation images",
            Assert.Throws<TrainingException>(() => new Trainer(Runs.Options(recipe) with { Validation = null })).Message);
    }

    /// <summary>A run that hardly learns: its top-1 stays where it is.</summary>
    private static TrainRecipe Stalling(int epochs, int early)
    {
        var recipe = Runs.Recipe(epochs, optimizer: new SgdOptions { LearningRate = 1e-9 });
        return recipe with { Train = recipe.Train with { EarlyStop = early } };
    }
}
