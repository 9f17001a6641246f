using System.Buffers.Binary;
using Fovea.Data.Augment;
using Fovea.Data.Batching;
using Fovea.Data.Sources;
using Fovea.Images;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Recipes;

namespace Fovea.Training.Tests;

/// <summary>Runs on small image files of three classes.</summary>
internal static class LoadedRuns
{
    /// <summary>Two of 18 images are bad, so that an epoch has four batches in place of five, and ends between updates.</summary>
    internal static TrainRecipe Recipe
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

    /// <summary>Three ways to mix, each image twice, views in evaluation.</summary>
    internal static TrainRecipe Mixed => Recipe with
    {
        Augment = new()
        {
            Transforms = [new RandomCrop { Padding = 1 }, new AlternatingFlip(), new RandomErasing { Probability = 0.5 }],
            Mixing = [new Mixup { Probability = 0.4 }, new CutMix { Probability = 0.4, PerImage = true }, new Dimmer { Probability = 0.2 }],
            Repeats = 2,
        },
    };

    internal static (SortedDictionary<string, byte[]> Variables, long Steps) Run(CheckpointFolder? checkpoints, int stoppedAfter, TrainRecipe? recipe = null)
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

    internal static BatchLoader Loader(TrainRecipe recipe, IReadOnlyCollection<string> knownBad, bool withBad = true, LoaderOptions? options = null)
    {
        var images = Enumerable.Range(0, 18).Where(i => withBad || i is not (5 or 7))
            .Select(i => i is 5 or 7 ? ($"bad{i}.bmp", "BM, but no more"u8.ToArray(), i % 3) : ($"{i}.bmp", Bitmap(i), i % 3));
        return new(new MemoryImages(Runs.Classes, [.. images]), recipe.TrainingPipeline, options ?? recipe.TrainingLoader(knownBad: knownBad));
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

        public int BatchesOf(int epoch) => source.BatchesOf(epoch);

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

    /// <summary>A mixer that these tests alone know: three quarters of the image, and a quarter of another.</summary>
    internal sealed record Dimmer : Mixer
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
