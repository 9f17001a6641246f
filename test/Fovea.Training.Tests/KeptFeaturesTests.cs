using Fovea.Backends.OneDnn;
using Fovea.Data.Batching;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Losses;
using Fovea.Training.Recipes;

namespace Fovea.Training.Tests;

/// <summary>What frozen parts make of images that are the same in every epoch is computed once, and trained on from memory.</summary>
public sealed class KeptFeaturesTests
{
    private const string Kept = "18 images, 0 MiB, are made once by the frozen parts and kept in memory";

    /// <summary>Backends round features to float32 where they are kept; within a plan the reference computes in double throughout.</summary>
    [Theory]
    [InlineData(Precision.Fp32, 1e-6)]
    [InlineData(Precision.Bf16, 5e-3)]
    public void A_classifier_is_trained_from_kept_features_as_from_images(Precision precision, double tolerance)
    {
        foreach (var backend in (IBackend[])[new ReferenceBackend(), new OneDnnBackend()])
        {
            var (kept, anew) = (Run(Recipe(CacheMode.Auto, precision), backend), Run(Recipe(CacheMode.None, precision), backend));
            Assert.Contains(kept.Log.Messages, message => message.Contains($"4 features of each of {Kept}", StringComparison.Ordinal));
            Assert.DoesNotContain(anew.Log.Messages, message => message.Contains("features", StringComparison.Ordinal));
            Assert.Equal(anew.Variables.Keys, kept.Variables.Keys);
            foreach (var (name, wanted) in anew.Variables)
                for (var i = 0; i < wanted.Length; i++)
                    Assert.True(Math.Abs(wanted[i] - kept.Variables[name][i]) <= tolerance, $"{name}[{i}] is {kept.Variables[name][i]}; wanted {wanted[i]}");
        }
    }

    [Fact]
    public void Images_are_loaded_once_and_as_often_as_there_are_stages()
    {
        var images = new Fixed();
        var freeze = new FreezeOptions { Names = [FreezeOptions.Backbone], Thaw = [new() { After = 1, Names = ["bn"] }] };
        Run(Recipe(CacheMode.Auto) with { Freeze = freeze }, new ReferenceBackend(), images);
        Assert.Equal((2, 0), (images.Passes, images.Epochs));
        images = new Fixed();
        Run(Recipe(CacheMode.Auto) with { Freeze = freeze with { Epochs = 2 } }, new ReferenceBackend(), images);
        Assert.Equal((2, 1), (images.Passes, images.Epochs));
    }

    [Theory]
    [InlineData(Precision.Fp32, 1e-6)]
    [InlineData(Precision.Bf16, 5e-3)]
    public void Images_to_evaluate_pass_the_frozen_parts_once_in_a_stage_and_come_to_the_same(Precision precision, double tolerance)
    {
        (double[] Losses, int Looks) Evaluated(CacheMode cache, int thaw)
        {
            var (log, looks) = (new RecordingLog(), 0);
            var recipe = Recipe(cache, precision) with { Freeze = new() { Names = [FreezeOptions.Backbone], Epochs = thaw } };
            var validation = new MemoryBatches(10, 4) { Before = (_, batch) => looks += batch == 0 ? 1 : 0 };
            using var trainer = new Trainer(Options(recipe, new OneDnnBackend(), new Fixed()) with { Validation = validation });
            Assert.Equal(TrainingEnd.Finished, trainer.Run(log, TestContext.Current.CancellationToken));
            return ([.. log.Epochs.Select(epoch => epoch.Validation!.Loss)], looks);
        }

        var (kept, anew) = (Evaluated(CacheMode.Auto, thaw: 0), Evaluated(CacheMode.None, thaw: 0));
        Assert.Equal((1, 3), (kept.Looks, anew.Looks));
        Assert.Equal(3, anew.Losses.Distinct().Count());
        for (var i = 0; i < 3; i++) Assert.Equal(anew.Losses[i], kept.Losses[i], tolerance);
        Assert.Equal(2, Evaluated(CacheMode.Auto, thaw: 2).Looks);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void A_run_from_kept_features_is_stopped_at_any_batch_and_goes_on_to_the_same_bits(int stoppedBefore)
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(Directory.CreateDirectory(folder.Path("c")).FullName);
        var freeze = new FreezeOptions { Names = [FreezeOptions.Backbone], Epochs = 2 };
        var recipe = Recipe(CacheMode.Auto) with { Freeze = freeze };
        var whole = Run(recipe, new ReferenceBackend());
        using (var stop = new CancellationTokenSource())
        {
            var images = new Fixed { Stop = (stoppedBefore, stop) };
            using var first = new Trainer(Options(recipe, new ReferenceBackend(), images) with { Checkpoints = checkpoints });
            Assert.Equal(TrainingEnd.Interrupted, first.Run(new RecordingLog(), stop.Token));
        }

        var rest = Run(recipe, new ReferenceBackend(), from: checkpoints.LoadLatest(Assert.Fail));
        Assert.Equal(whole.Variables, rest.Variables);
    }

    [Fact]
    public void Nothing_is_kept_that_does_not_fit_or_changes_and_a_line_says_why()
    {
        string[] Notes(TrainRecipe recipe, IBatchSource? images = null) =>
            [.. Run(recipe, new ReferenceBackend(), images).Log.Messages.Where(message => message.Contains("features", StringComparison.Ordinal)
                || message.Contains("frozen parts make", StringComparison.Ordinal))];
        Assert.Equal(
            ["frozen parts make 4 features of each of 18 images, 0 MiB, more than may be kept in memory (0 MiB, data.cache_mebibytes): they are made anew in "
                + "every epoch"],
            Notes(Recipe(CacheMode.Auto) with { Data = new() { CacheMebibytes = 0 } }));
        Assert.Equal(
            ["features of frozen parts are made anew in every epoch, because augmentation changes the images (augment.transforms, augment.mixing)"],
            Notes(Recipe(CacheMode.Auto), Runs.Images));
        Assert.Empty(Notes(Recipe(CacheMode.Auto) with { Loss = new KdOptions() }));
        Assert.Empty(Notes(Recipe(CacheMode.Auto) with { Freeze = new() }));
        Assert.Empty(Notes(Recipe(CacheMode.Auto) with { Freeze = new() { Names = ["fc"] } }));
    }

    /// <summary>Bad images are left out, in the order of the run without kept features once they are known.</summary>
    [Fact]
    public void Image_files_are_trained_on_from_kept_features_with_bad_ones_left_out()
    {
        var recipe = LoadedRuns.Recipe with { Augment = new() { Transforms = [] }, Freeze = new() { Names = [FreezeOptions.Backbone] } };
        Assert.True(recipe.HasFixedImages);
        Assert.False((recipe with { Augment = new() }).HasFixedImages);
        using var loader = LoadedRuns.Loader(recipe, []);
        var images = new LoadedImages(() => loader, () => LoadedRuns.Loader(recipe, [], options: recipe.FixedLoader()));
        var all = images.All(TestContext.Current.CancellationToken).SelectMany(batch => batch.Numbers.ToArray()).ToArray();
        Assert.Equal(Enumerable.Range(0, 18).Except([5, 7]), all.Order());
        Assert.Equal(["bad5.bmp", "bad7.bmp"], loader.BadKeys);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var order = images.Order(epoch).Select(numbers => numbers.ToArray()).ToArray();
            var loaded = loader.Epoch(epoch).Select(batch => batch.Samples.ToArray()).ToArray();
            Assert.Equal(loaded, order);
            Assert.Equal(loaded[2..], images.Order(epoch, 2).Select(numbers => numbers.ToArray()));
        }
    }

    [Fact]
    public void A_graph_is_divided_where_one_value_crosses()
    {
        var frozen = new FrozenStages(new() { Names = [FreezeOptions.Backbone] }, TinyModel.Net(1)).In(0);
        var training = new PassDriver().Run(TinyModel.Net(4, dropout: 0.2), new EnterTraining { Frozen = frozen });
        // Dropout stands in front of the pooling here: what is before it crosses.
        Assert.Equal(TensorType.F32(4, 4, 3, 3), FrozenFeatures.Of(training, "input", frozen)!.Features.Type);
        var plain = FrozenFeatures.Of(new PassDriver().Run(TinyModel.Net(4), new EnterTraining { Frozen = frozen }), "input", frozen)!;
        Assert.Equal(TensorType.F32(4, 4), plain.Features.Type);
        string[] Names(Graph graph) => [.. graph.Nodes.Where(node => node.Op is not Variable).Select(node => node.Op.Name)];
        Assert.Equal(["conv2d", "batch_norm", "relu", "reduce"], Names(plain.Before()));
        Assert.Equal(["mat_mul", "add"], Names(new EliminateDeadNodes().Apply(plain.After())));
        Assert.Equal(TinyModel.Net(4).Variables.Count, plain.After().Variables.Count);
        Assert.Null(FrozenFeatures.Of(training, "input", new HashSet<string>()));
        Assert.Null(FrozenFeatures.Of(Crossing(), "input", new HashSet<string> { "a.weight", "b.weight" }));
    }

    /// <summary>Two frozen convolutions that trained ones read: two values cross.</summary>
    private static Graph Crossing()
    {
        var graph = new Graph("crossing");
        var x = graph.Input("input", TensorType.F32(2, 3, 4, 4));
        Value Conv(string name, Value from) => from.Conv2d(graph.Parameter($"{name}.weight", new Shape(3, 3, 1, 1), Initializer.Zeros), Window2d.Of());
        var (a, b) = (Conv("a", x), Conv("b", x));
        graph.Output("logits", Conv("c", a).Plus(Conv("d", b)).Mean(2, 3));
        return graph;
    }

    private static TrainRecipe Recipe(CacheMode cache, Precision precision = Precision.Fp32)
    {
        var recipe = Runs.Recipe(epochs: 3);
        return recipe with
        {
            Data = new() { Cache = cache }, Freeze = new() { Names = [FreezeOptions.Backbone] }, Train = recipe.Train with { Precision = precision },
        };
    }

    private static TrainerOptions Options(TrainRecipe recipe, IBackend backend, IBatchSource images) =>
        Runs.Options(recipe, images: images, model: batch => TinyModel.Net(batch)) with { Backend = backend };

    private static (SortedDictionary<string, float[]> Variables, RecordingLog Log) Run(
        TrainRecipe recipe, IBackend backend, IBatchSource? images = null, Checkpoint? from = null)
    {
        var log = new RecordingLog();
        using var trainer = new Trainer(Options(recipe, backend, images ?? new Fixed()) with { From = from });
        Assert.Equal(TrainingEnd.Finished, trainer.Run(log, TestContext.Current.CancellationToken));
        return (new(trainer.Session.Variables.ToDictionary(name => name, name => trainer.Session.Read(name).Floats.ToArray()), StringComparer.Ordinal), log);
    }

    /// <summary>18 images that are the same in every epoch, in an order of its own; five batches of four and one of two.</summary>
    private sealed class Fixed : IBatchSource, IFixedImages
    {
        private readonly Batch _all = new MemoryBatches(18, 18, shuffles: false).Epoch(0).Single();
        private int _taken;

        internal int Passes { get; private set; }

        internal int Epochs { get; private set; }

        /// <summary>Before which batch of the run it is asked to stop.</summary>
        internal (int Batch, CancellationTokenSource Source)? Stop { get; init; }

        public int Samples => 18;

        public int BatchSize => 4;

        public int Batches => 5;

        public int Count => 18;

        public IReadOnlyList<string> BadImages => [];

        public IFixedImages FixedAt(int epoch) => this;

        public IEnumerable<(Batch Batch, ReadOnlyMemory<int> Numbers)> All(CancellationToken stop = default)
        {
            Passes++;
            foreach (var numbers in Enumerable.Range(0, 18).Chunk(4)) yield return (Of(numbers), numbers);
        }

        public IEnumerable<ReadOnlyMemory<int>> Order(int epoch, int first = 0)
        {
            var draws = new Philox(3, (ulong)epoch);
            foreach (var numbers in Enumerable.Range(0, 18).OrderBy(i => draws.Bits((ulong)i)).Chunk(4).Skip(first))
            {
                if (Stop is { } at && ++_taken == at.Batch) at.Source.Cancel();
                yield return numbers;
            }
        }

        public IEnumerable<Batch> Epoch(int epoch, int first = 0, CancellationToken stop = default)
        {
            Epochs++;
            foreach (var numbers in Order(epoch, first)) yield return Of(numbers.ToArray());
        }

        private Batch Of(int[] numbers) => new(
            numbers.Length, numbers.SelectMany(i => _all.Images.Slice(i * TinyModel.ImageElements, TinyModel.ImageElements).ToArray()).ToArray(),
            numbers.Select(i => _all.Labels.Span[i]).ToArray());
    }
}
