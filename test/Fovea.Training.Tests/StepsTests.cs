using Fovea.Training.Checkpoints;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Training.Tests;

/// <summary>Runs whose length is told in updates: <c>train.steps</c>.</summary>
public sealed class StepsTests : IDisposable
{
    private const int BatchesOfAnEpoch = 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 1, 1)]
    [InlineData(6, 1, 2)]
    [InlineData(7, 2, 3)]
    [InlineData(int.MaxValue, 1, 429_496_730)]
    public void Epochs_are_as_many_as_the_steps_need(int steps, int accumulate, int epochs) =>
        Assert.Equal(Math.Min(epochs, 1_000_000), new TrainOptions { Steps = steps, Accumulate = accumulate, Epochs = 3 }.Lasting(BatchesOfAnEpoch).Epochs);

    [Fact]
    public void Epochs_stay_where_no_steps_are_told() => Assert.Equal(3, new TrainOptions { Epochs = 3 }.Lasting(BatchesOfAnEpoch).Epochs);

    [Fact]
    public void A_run_ends_with_its_steps_in_mid_epoch_is_evaluated_and_is_over_when_it_is_resumed()
    {
        var folder = new CheckpointFolder(_folder.Path("run"));
        var log = new RecordingLog();
        using (var trainer = new Trainer(Runs.Options(Lasting(8), folder)))
        {
            Assert.Equal(TrainingEnd.Finished, trainer.Run(log));
            Assert.Equal((8, 2), (trainer.State.Step, trainer.State.Epoch));
            Assert.Equal(2, log.Epochs.Count);
            Assert.NotNull(log.Epochs[^1].Validation);
        }

        using var resumed = new Trainer(Runs.Options(Lasting(8), folder));
        Assert.True(resumed.IsOver);
    }

    [Fact]
    public void A_schedule_comes_to_its_end_with_the_last_step()
    {
        var log = new RecordingLog();
        using var trainer = new Trainer(Runs.Options(Lasting(8)));
        trainer.Run(log);
        var schedule = Lasting(8).Schedule;
        Assert.Equal(
            Enumerable.Range(0, 8).Select(step => schedule.RateAt(0.1, new RunProgress(step, BatchesOfAnEpoch, 2) { MostSteps = 8 })), log.Steps.Select(step => step.LearningRate));
        Assert.Equal(8, new RunProgress(0, 6, 2) { MostSteps = 8 }.Steps);
        Assert.Equal(12, new RunProgress(0, 6, 2).Steps);
    }

    private static TrainRecipe Lasting(int steps) => Runs.Recipe() with { Train = (Runs.Recipe().Train with { Steps = steps }).Lasting(BatchesOfAnEpoch) };
}
