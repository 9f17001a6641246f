using Fovea.Data.Sampling;
using Fovea.Training.Batches;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Training.Tests;

/// <summary>Runs whose sampler takes images more or less often.</summary>
public class SampledRunsTests
{
    /// <summary>Epochs of 21 images on average, of which some are repeated.</summary>
    private static TrainRecipe Repeated => LoadedRuns.Mixed with
    {
        Sampler = new RepeatFactorSampler { Threshold = 0.6 }, Augment = LoadedRuns.Mixed.Augment with { Repeats = 1 },
        Train = LoadedRuns.Mixed.Train with { Accumulate = 1, Epochs = 4 },
    };

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(13)]
    public void A_run_whose_epochs_differ_in_length_resumes_exactly(int stoppedAfter)
    {
        using var folder = new TemporaryFolder();
        var expected = LoadedRuns.Run(checkpoints: null, stoppedAfter: int.MaxValue, Repeated);
        LoadedRuns.Run(new(folder.Path("c")), stoppedAfter, Repeated with { Data = Repeated.Data with { Workers = 1 } });
        var resumed = LoadedRuns.Run(new(folder.Path("c")), stoppedAfter: int.MaxValue, Repeated with { Data = Repeated.Data with { Workers = 4 } });
        Assert.Equal(expected.Variables, resumed.Variables);
        Assert.Equal(expected.Steps, resumed.Steps);
        Assert.NotEqual(0, expected.Steps % 4);
    }

    public static TheoryData<Sampler> Samplers => [.. Sampler.Kinds];

    [Theory]
    [MemberData(nameof(Samplers))]
    public void A_run_with_any_sampler_and_bad_images_resumes_exactly(Sampler sampler)
    {
        using var folder = new TemporaryFolder();
        var recipe = LoadedRuns.Mixed with { Sampler = sampler };
        Assert.Empty(recipe.Validate());
        var expected = LoadedRuns.Run(checkpoints: null, stoppedAfter: int.MaxValue, recipe).Variables;
        LoadedRuns.Run(new(folder.Path("c")), stoppedAfter: 6, recipe);
        Assert.Equal(expected, LoadedRuns.Run(new(folder.Path("c")), stoppedAfter: int.MaxValue, recipe).Variables);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void A_schedule_goes_as_far_in_each_epoch_whatever_its_length(int accumulate, bool withBad)
    {
        var recipe = Repeated with
        {
            Schedule = new LinearOptions(), Train = Repeated.Train with { Epochs = 6, Accumulate = accumulate, DropLast = false },
        };
        using var loader = LoadedRuns.Loader(recipe, [], withBad);
        using var trainer = new Trainer(Runs.Options(recipe, images: new LoadedBatches(loader)));
        var log = new RecordingLog();
        trainer.Run(log, TestContext.Current.CancellationToken);
        var epochs = log.Steps.GroupBy(step => step.Epoch).Select(epoch => epoch.ToArray()).ToArray();
        Assert.True(epochs.Select(epoch => epoch.Length).Distinct().Count() > 1, "all epochs have one length");

        // The rate falls from step to step; the first step of every epoch, and the last, are where those of equal epochs would be.
        var rates = log.Steps.Select(step => step.LearningRate).ToArray();
        Assert.Equal(rates.OrderDescending(), rates);
        var usual = ((loader.ExpectedBatches - 1) / accumulate) + 1;
        var full = recipe.Optimizer.LearningRate;
        for (var epoch = withBad ? 1 : 0; epoch < 6; epoch++)
        {
            Assert.Equal(full * (1 - (epoch * usual / (6.0 * usual))), epochs[epoch][0].LearningRate, 1e-12);
            Assert.Equal(full * (1 - (((epoch * usual) + usual - 1) / (6.0 * usual))), epochs[epoch][^1].LearningRate, 1e-12);
        }
    }

    [Fact]
    public void The_batches_that_a_log_tells_are_those_of_the_epoch()
    {
        var recipe = Repeated with { Train = Repeated.Train with { Epochs = 5 } };
        using var loader = LoadedRuns.Loader(recipe, [], withBad: false);
        using var trainer = new Trainer(Runs.Options(recipe, images: new LoadedBatches(loader)));
        var log = new RecordingLog();
        trainer.Run(log, TestContext.Current.CancellationToken);
        foreach (var epoch in log.Steps.GroupBy(step => step.Epoch)) Assert.All(epoch, step => Assert.Equal(epoch.Last().Batch, step.Batches));
    }

    [Fact]
    public void A_sampler_of_a_program_trains()
    {
        var recipe = LoadedRuns.Recipe with { Sampler = new Alone { Label = 1 } };
        using var loader = LoadedRuns.Loader(recipe, [], withBad: false);
        var seen = new LoadedBatches(loader).Epoch(0).SelectMany(batch => batch.Labels.ToArray()).ToArray();
        Assert.Equal(Enumerable.Repeat(1, 16), seen);
        Assert.NotEqual(
            LoadedRuns.Run(checkpoints: null, int.MaxValue, LoadedRuns.Recipe).Variables, LoadedRuns.Run(checkpoints: null, int.MaxValue, recipe).Variables);
    }

    /// <summary>A sampler that these tests alone know: one class and no other.</summary>
    private sealed record Alone : Sampler
    {
        public override string Kind => "alone";

        public int Label { get; init; }

        public override IReadOnlyList<double> Times(IReadOnlyList<int> counts, double progress) =>
            [.. counts.Select((count, label) => label == Label ? (double)counts.Sum() / count : 0)];
    }
}
