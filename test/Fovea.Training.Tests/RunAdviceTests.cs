using Fovea.Training.Checks;
using Fovea.Training.Logging;
using Fovea.Training.Optimizers;
using Fovea.Training.Schedules;

namespace Fovea.Training.Tests;

public class RunAdviceTests
{
    [Fact]
    public void A_program_gets_advice_before_the_first_step_by_its_log_and_others_as_a_warning()
    {
        var recipe = Runs.Recipe() with { Schedule = new ConstantOptions(), Train = Runs.Recipe(epochs: 3).Train with { EmaDecay = 0 } };
        var (log, plain) = (new AdviceLog(), new RecordingLog());
        using (var trainer = new Trainer(Runs.Options(recipe))) trainer.Run(new CompositeLog(log, plain));
        var (advice, stepsBefore) = Assert.Single(log.Told, told => told.Advice.Check == new RateThatNeverFalls().Name);
        Assert.Equal((0, "schedule", "cosine"), (stepsBefore, advice.Key, advice.Value));
        Assert.Contains(advice.ToString(), plain.Warnings);
    }

    [Fact]
    public void Advice_after_an_epoch_is_told_once_by_each_check()
    {
        var recipe = Runs.Recipe(epochs: 6, optimizer: new SgdOptions { LearningRate = 30 });
        recipe = recipe with { Schedule = new CosineOptions(), Train = recipe.Train with { ClipGradientNorm = 0, EmaDecay = 0 } };
        var log = new AdviceLog();
        using (var trainer = new Trainer(Runs.Options(recipe))) trainer.Run(log);
        var advice = Assert.Single(log.Told, told => told.Advice.Check == new LossAboveItsStart().Name).Advice;
        Assert.Equal(("optimizer.learning_rate", "3"), (advice.Key, advice.Value));
    }

    /// <summary>Keeps advice with the number of steps before it.</summary>
    private sealed class AdviceLog : ITrainingLog
    {
        private int _steps;

        internal List<(Advice Advice, int Steps)> Told { get; } = [];

        public void Step(in StepReport report) => _steps++;

        public void Epoch(EpochReport report)
        {
        }

        public void Message(string text)
        {
        }

        public void Warning(string text)
        {
        }

        public void Advice(Advice advice) => Told.Add((advice, _steps));
    }
}
