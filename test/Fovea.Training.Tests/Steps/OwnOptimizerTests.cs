using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Training.Optimizers;
using Fovea.Training.State;
using Fovea.Training.Steps;

namespace Fovea.Training.Tests.Steps;

/// <summary>Rules that callers write, without a row in any list.</summary>
public class OwnOptimizerTests
{
    [Fact]
    public void A_rule_of_the_callers_own_trains_by_a_recipe()
    {
        using var trainer = new Trainer(Runs.Options(Runs.Recipe(epochs: 6, optimizer: new DecayingSigns { LearningRate = 0.05 })));
        var log = new RecordingLog();
        trainer.Run(log, TestContext.Current.CancellationToken);
        Assert.True(log.Epochs[^1].TrainLoss < log.Epochs[0].TrainLoss, $"{log.Epochs[0].TrainLoss} became {log.Epochs[^1].TrainLoss}");
        Assert.Contains("signs/conv.weight", trainer.Session.Variables);
    }

    [Fact]
    public void Slots_start_where_the_rule_says_and_numbers_are_those_of_the_step()
    {
        using var session = new ReferenceBackend().Open();
        var options = new TrainingGraphOptions { Optimizer = new Counting() };
        using var step = new TrainingStep(session, batch => TinyModel.LinearNet(batch), options, batchSize: 4);
        var (state, before) = (new RunState(), session.Read("fc.bias").Floats.ToArray());
        for (var i = 0; i < 3; i++) step.Run(new MemoryBatches(4, 4).Epoch(0).Single(), state, rate: 0.5);
        Assert.All(session.Read("count/fc.weight").Floats.ToArray(), x => Assert.Equal(7 + 1 + 2 + 3, x));
        Assert.Equal(before.Select(x => x - 1.5f), session.Read("fc.bias").Floats.ToArray());
    }

    [Fact]
    public void Every_update_is_told_how_far_the_run_is_also_that_of_the_batches_left_at_the_end_of_an_epoch()
    {
        var watching = new Watching();
        using var trainer = new Trainer(Runs.Options(Runs.Recipe(epochs: 2, accumulate: 2, optimizer: watching)));
        trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        Assert.Equal([0, 1, 2, 3, 4, 5], watching.Seen.Select(moment => moment.Run.Step));
        Assert.All(watching.Seen, moment => Assert.Equal((3, 2), (moment.Run.StepsPerEpoch, moment.Run.Epochs)));
    }

    [Fact]
    public void A_rule_tells_how_many_tensors_it_keeps() =>
        Assert.Equal(
            [1, 2, 2, 2, 1, 2, 1, 2, 4, 1, 1, 1, 2, 1],
            OptimizerOptions.Kinds.Select(rule => rule.CountSlots()));

    /// <summary>Takes the rate from every number, and adds up the steps.</summary>
    private sealed record Counting : OptimizerOptions
    {
        public override string Kind => "counting";

        public override Value Step(ParameterUpdate update)
        {
            update.Keep("count", update.Slot("count", start: 7).Plus(update.Number("step_number", moment => moment.Step)));
            return update.Weight.Minus(update.Rate);
        }
    }

    /// <summary>Gradient descent that keeps what it is told.</summary>
    private sealed record Watching : OptimizerOptions
    {
        internal List<StepMoment> Seen { get; } = [];

        public override string Kind => "watching";

        public override Value Step(ParameterUpdate update) => update.Weight.Minus(update.Gradient.Times(update.Number("watched", Watch)));

        private double Watch(StepMoment moment)
        {
            Seen.Add(moment);
            return moment.Rate;
        }
    }
}
