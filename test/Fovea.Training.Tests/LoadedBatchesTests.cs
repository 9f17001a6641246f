using System.Buffers.Binary;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Decoding;
using Fovea.Data.Sources;
using Fovea.Images;
using Fovea.Options;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;

namespace Fovea.Training.Tests;

/// <summary>Training on image files, some of them bad.</summary>
public class LoadedBatchesTests
{
    /// <summary>Two of 18 images are bad, so that an epoch has four batches in place of five, and ends between updates.</summary>
    private static TrainRecipe Recipe
    {
        get
        {
            var recipe = Runs.Recipe(accumulate: 3);
            return recipe with
            {
                Data = new() { ImageSize = TinyModel.Size, Fit = Fit.Stretch, BadImages = BadImagePolicy.Skip, Workers = 2 },
                Augment = new() { Transforms = [new RandomCrop { Padding = 1 }, new HorizontalFlip()] },
            };
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    public void A_run_that_skips_bad_images_resumes_exactly(int stoppedAfter)
    {
        using var folder = new TemporaryFolder();
        var (expected, steps) = Run(checkpoints: null, stoppedAfter: int.MaxValue);
        Assert.Equal(4, steps);
        Run(new(folder.Path("c")), stoppedAfter);
        Assert.Equal(expected, Run(new(folder.Path("c")), stoppedAfter: int.MaxValue).Variables);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_schedule_of_a_run_that_skips_bad_images_ends_with_the_run(int accumulate)
    {
        var recipe = Recipe with { Train = Recipe.Train with { Accumulate = accumulate, Epochs = 3 } };
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
        var recipe = Recipe with { Schedule = new CosineOptions(), Train = Recipe.Train with { Accumulate = 1, Epochs = 1 } };
        Assert.Equal(Rates(recipe, withBad: false)[^1], Rates(recipe, withBad: true)[^1]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_run_of_one_epoch_that_skips_bad_images_resumes_exactly(int stoppedAfter)
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe with { Train = Recipe.Train with { Accumulate = 1, Epochs = 1 } };
        var expected = Run(checkpoints: null, stoppedAfter: int.MaxValue, recipe).Variables;
        Run(new(folder.Path("c")), stoppedAfter, recipe);
        Assert.Equal(expected, Run(new(folder.Path("c")), stoppedAfter: int.MaxValue, recipe).Variables);
    }

    [Fact]
    public void Workers_do_not_change_the_steps_of_an_epoch()
    {
        double[] With(int workers) => Rates(Recipe with { Data = Recipe.Data with { Workers = workers } }, withBad: true);
        Assert.Equal(With(1), With(4));
    }

    /// <summary>Three ways to mix, each image twice, views in evaluation.</summary>
    private static TrainRecipe Mixed => Recipe with
    {
        Augment = new()
        {
            Transforms = [new RandomCrop { Padding = 1 }, new AlternatingFlip(), new RandomErasing { Probability = 0.5 }],
            Mixing = [new Mixup { Probability = 0.4 }, new CutMix { Probability = 0.4, PerImage = true }, new Dimmer { Probability = 0.2 }],
            Repeats = 2,
        },
    };

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_run_with_mixing_repeats_and_bad_images_resumes_exactly(int stoppedAfter)
    {
        using var folder = new TemporaryFolder();
        var expected = Run(checkpoints: null, stoppedAfter: int.MaxValue, Mixed).Variables;
        Run(new(folder.Path("c")), stoppedAfter, Mixed with { Data = Mixed.Data with { Workers = 1 } });
        Assert.Equal(expected, Run(new(folder.Path("c")), stoppedAfter: int.MaxValue, Mixed with { Data = Mixed.Data with { Workers = 4 } }).Variables);
        Assert.NotEqual(expected, Run(checkpoints: null, stoppedAfter: int.MaxValue, Recipe).Variables);
    }

    [Fact]
    public void A_transform_and_a_mixer_of_a_program_train()
    {
        var recipe = Recipe with
        {
            Augment = new() { Transforms = [new Speckle { Samples = 2 }, new FitToInput()], Mixing = [new Dimmer()] }, Train = Recipe.Train with { Epochs = 1 },
        };
        Assert.Empty(recipe.Validate());
        var plain = recipe with { Augment = new() { Transforms = [] } };
        Assert.NotEqual(Run(checkpoints: null, int.MaxValue, plain).Variables, Run(checkpoints: null, int.MaxValue, recipe).Variables);
        Assert.Equal(Run(checkpoints: null, int.MaxValue, recipe).Variables, Run(checkpoints: null, int.MaxValue, recipe).Variables);
        var wrong = recipe with { Augment = new() { Transforms = [new Speckle { Samples = -1 }] } };
        Assert.Equal(["augment.transforms[0].samples: -1; wanted at least 0"], wrong.Validate().Select(problem => problem.ToString()));
    }

    [Fact]
    public void A_bad_image_ends_a_run_that_is_to_fail_and_is_named()
    {
        using var folder = new TemporaryFolder();
        using var loader = Loader(Recipe with { Data = Recipe.Data with { BadImages = BadImagePolicy.Fail } }, []);
        using var trainer = new Trainer(Runs.Options(Recipe, new(folder.Path("c")), new LoadedBatches(loader)));
        var error = Assert.Throws<ImageException>(() => trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken));
        Assert.Matches("bad[57]", error.Message);
        Assert.True(new CheckpointFolder(folder.Path("c")).HasLatest);
    }

    private static (SortedDictionary<string, byte[]> Variables, long Steps) Run(CheckpointFolder? checkpoints, int stoppedAfter, TrainRecipe? recipe = null)
    {
        recipe ??= Recipe;
        using var stop = new CancellationTokenSource();
        var from = checkpoints?.LoadLatest(text => Assert.Fail(text));
        using var loader = Loader(recipe, from?.State.BadImages ?? []);
        var images = new Counted(new LoadedBatches(loader), stoppedAfter, stop.Cancel);
        using var trainer = new Trainer(Runs.Options(recipe, checkpoints, images) with { From = from });
        trainer.Run(new RecordingLog(), stop.Token);
        return (Runs.Variables(trainer), trainer.State.Step);
    }

    private static double[] Rates(TrainRecipe recipe, bool withBad)
    {
        using var loader = Loader(recipe, [], withBad);
        using var trainer = new Trainer(Runs.Options(recipe, images: new LoadedBatches(loader)));
        var log = new RecordingLog();
        trainer.Run(log, TestContext.Current.CancellationToken);
        return [.. log.Steps.Select(step => step.LearningRate)];
    }

    private static BatchLoader Loader(TrainRecipe recipe, IReadOnlyCollection<string> knownBad, bool withBad = true)
    {
        var images = Enumerable.Range(0, 18).Where(i => withBad || i is not (5 or 7))
            .Select(i => i is 5 or 7 ? ($"bad{i}.bmp", "BM, but no more"u8.ToArray(), i % 3) : ($"{i}.bmp", Bitmap(i), i % 3));
        return new(new MemoryImages(Runs.Classes, [.. images]), recipe.TrainingPipeline, recipe.TrainingLoader(knownBad: knownBad));
    }

    /// <summary>A bitmap of 24 bits a pixel, rows of 20 bytes, noise around a shade of its own.</summary>
    private static byte[] Bitmap(int number)
    {
        const int head = 54;
        const int row = 20;
        var file = new byte[head + (row * TinyModel.Size)];
        "BM"u8.CopyTo(file);
        foreach (var (at, value) in ((int, int)[])[(2, file.Length), (10, head), (14, 40), (18, TinyModel.Size), (22, TinyModel.Size), (26, 1 | (24 << 16))])
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        var draws = new Philox(9, (ulong)number);
        for (var i = head; i < file.Length; i++) file[i] = (byte)(draws.Integer((ulong)i, 100) + (50 * (number % 3)));
        return file;
    }

    /// <summary>Calls back when so many batches have been taken.</summary>
    private sealed class Counted(IBatchSource source, int limit, Action reached) : IBatchSource
    {
        private int _taken;

        public int Samples => source.Samples;

        public int BatchSize => source.BatchSize;

        public int Batches => source.Batches;

        public IReadOnlyList<string> BadImages => source.BadImages;

        public IEnumerable<Batch> Epoch(int epoch, int first = 0, CancellationToken stop = default)
        {
            foreach (var batch in source.Epoch(epoch, first, stop))
            {
                if (_taken++ == limit) reached();
                yield return batch;
            }
        }
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

    /// <summary>A mixer that these tests alone know: three quarters of the image, and a quarter of another.</summary>
    private sealed record Dimmer : Mixer
    {
        public override string Kind => "dimmer";

        public override int Images => 2;

        public override Blend Draw(int width, int height, ref Draws draws) => new Quarter();

        private sealed class Quarter : Blend
        {
            public override IReadOnlyList<double> Shares { get; } = [0.75, 0.25];

            public override void Mix(BlendedRow row)
            {
                for (var i = 0; i < row.Target.Length; i++) row.Target[i] = (0.75f * row.Image(0)[i]) + (0.25f * row.Image(1)[i]);
            }
        }
    }
}
