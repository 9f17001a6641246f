using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Decoding;
using Fovea.Options;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Training.Tests;

/// <summary>Training on image files, some of them bad.</summary>
public class LoadedBatchesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    public void A_run_that_skips_bad_images_resumes_exactly(int stoppedAfter)
    {
        using var folder = new TemporaryFolder();
        var (expected, steps) = LoadedRuns.Run(checkpoints: null, stoppedAfter: int.MaxValue);
        Assert.Equal(4, steps);
        LoadedRuns.Run(new(folder.Path("c")), stoppedAfter);
        Assert.Equal(expected, LoadedRuns.Run(new(folder.Path("c")), stoppedAfter: int.MaxValue).Variables);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_schedule_of_a_run_that_skips_bad_images_ends_with_the_run(int accumulate)
    {
        var recipe = LoadedRuns.Recipe with { Train = LoadedRuns.Recipe.Train with { Accumulate = accumulate, Epochs = 3 } };
        var (skipping, good) = (Rates(recipe, withBad: true), Rates(recipe, withBad: false));
        Assert.Equal(good.Length, skipping.Length);

        // Once the bad images are known, the rates are those of a run without them, to the last bit.
        var known = skipping.Length / 3;
        Assert.Equal(good[known..], skipping[known..]);
        Assert.True(skipping[^1] < 0.1 * skipping.Max(), $"the last rate is {skipping[^1]} of {skipping.Max()}");
    }

    [Fact]
    public void A_schedule_of_one_epoch_follows_the_bad_images_as_they_are_met()
    {
        var recipe = LoadedRuns.Recipe with { Schedule = new CosineOptions(), Train = LoadedRuns.Recipe.Train with { Accumulate = 1, Epochs = 1 } };
        Assert.Equal(Rates(recipe, withBad: false)[^1], Rates(recipe, withBad: true)[^1]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_run_of_one_epoch_that_skips_bad_images_resumes_exactly(int stoppedAfter)
    {
        using var folder = new TemporaryFolder();
        var recipe = LoadedRuns.Recipe with { Train = LoadedRuns.Recipe.Train with { Accumulate = 1, Epochs = 1 } };
        var expected = LoadedRuns.Run(checkpoints: null, stoppedAfter: int.MaxValue, recipe).Variables;
        LoadedRuns.Run(new(folder.Path("c")), stoppedAfter, recipe);
        Assert.Equal(expected, LoadedRuns.Run(new(folder.Path("c")), stoppedAfter: int.MaxValue, recipe).Variables);
    }

    [Fact]
    public void Workers_do_not_change_the_steps_of_an_epoch()
    {
        double[] With(int workers) => Rates(LoadedRuns.Recipe with { Data = LoadedRuns.Recipe.Data with { Workers = workers } }, withBad: true);
        Assert.Equal(With(1), With(4));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [Trait("row", "S2-06")]
    public void A_run_with_mixing_repeats_and_bad_images_resumes_exactly(int stoppedAfter)
    {
        using var folder = new TemporaryFolder();
        var expected = LoadedRuns.Run(checkpoints: null, stoppedAfter: int.MaxValue, LoadedRuns.Mixed).Variables;
        LoadedRuns.Run(new(folder.Path("c")), stoppedAfter, LoadedRuns.Mixed with { Data = LoadedRuns.Mixed.Data with { Workers = 1 } });
        var workers = LoadedRuns.Mixed with { Data = LoadedRuns.Mixed.Data with { Workers = 4 } };
        Assert.Equal(expected, LoadedRuns.Run(new(folder.Path("c")), stoppedAfter: int.MaxValue, workers).Variables);
        Assert.NotEqual(expected, LoadedRuns.Run(checkpoints: null, stoppedAfter: int.MaxValue, LoadedRuns.Recipe).Variables);
    }

    [Fact]
    public void A_transform_and_a_mixer_of_a_program_train()
    {
        var recipe = LoadedRuns.Recipe with
        {
            Augment = new() { Transforms = [new Speckle { Samples = 2 }, new FitToInput()], Mixing = [new LoadedRuns.Dimmer()] },
            Train = LoadedRuns.Recipe.Train with { Epochs = 1 },
        };
        Assert.Empty(recipe.Validate());
        var plain = recipe with { Augment = new() { Transforms = [] } };
        Assert.NotEqual(LoadedRuns.Run(checkpoints: null, int.MaxValue, plain).Variables, LoadedRuns.Run(checkpoints: null, int.MaxValue, recipe).Variables);
        Assert.Equal(LoadedRuns.Run(checkpoints: null, int.MaxValue, recipe).Variables, LoadedRuns.Run(checkpoints: null, int.MaxValue, recipe).Variables);
        var wrong = recipe with { Augment = new() { Transforms = [new Speckle { Samples = -1 }] } };
        Assert.Equal(["augment.transforms[0].samples: -1; wanted at least 0"], wrong.Validate().Select(problem => problem.ToString()));
    }

    [Fact]
    public void A_bad_image_ends_a_run_that_is_to_fail_and_is_named()
    {
        using var folder = new TemporaryFolder();
        using var loader = LoadedRuns.Loader(LoadedRuns.Recipe with { Data = LoadedRuns.Recipe.Data with { BadImages = BadImagePolicy.Fail } }, []);
        using var trainer = new Trainer(Runs.Options(LoadedRuns.Recipe, new(folder.Path("c")), new LoadedBatches(loader)));
        var error = Assert.Throws<ImageException>(() => trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken));
        Assert.Matches("bad[57]", error.Message);
        Assert.True(new CheckpointFolder(folder.Path("c")).HasLatest);
    }

    private static double[] Rates(TrainRecipe recipe, bool withBad)
    {
        using var loader = LoadedRuns.Loader(recipe, [], withBad);
        using var trainer = new Trainer(Runs.Options(recipe, images: new LoadedBatches(loader)));
        var log = new RecordingLog();
        trainer.Run(log, TestContext.Current.CancellationToken);
        return [.. log.Steps.Select(step => step.LearningRate)];
    }

    /// <summary>A step that these tests alone know: random samples become white.</summary>
    private sealed record Speckle : Transform
    {
        public override string Kind => "speckle";

        public int Samples { get; init; } = 1;

        public override void Check(OptionChecks checks) => checks.AtLeast(Samples, 0, 1000);

        public override void Apply(Canvas canvas, ref Draws draws)
        {
            var pixels = canvas.Edit().Pixels;
            for (var i = 0; i < Samples; i++) pixels[draws.Integer(pixels.Length)] = 255;
        }
    }
}