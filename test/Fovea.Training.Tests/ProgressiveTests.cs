using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Images;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;
using Fovea.Training.Batches;
using Fovea.Training.Checkpoints;
using Fovea.Training.Evaluation;
using Fovea.Training.Losses;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.State;
using Fovea.Training.Weights;

namespace Fovea.Training.Tests;

/// <summary>Training images that grow with the epochs.</summary>
public sealed class ProgressiveTests
{
    [Fact]
    public void Sizes_follow_the_stages_in_steps_or_evenly_in_multiples()
    {
        SizeStage[] steps = [new() { Until = 0.4, ImageSize = 128 }, new() { Until = 0.7, ImageSize = 160 }];
        Assert.Equal([128, 128, 128, 128, 160, 160, 160, 224, 224, 224], Sizes(steps, epochs: 10, full: 224));
        // Between 160 at the start and 224 at 0.8 of 10 epochs, to the nearest multiple of 32: 160, 168, 176, 184, 192, 200, 208, 216.
        Assert.Equal([160, 160, 192, 192, 192, 192, 192, 224, 224, 224], Sizes([new() { Until = 0.8, ImageSize = 160, Ramp = true }], epochs: 10, full: 224));
        Assert.Equal([96, 96, 96, 112, 128], Sizes(
            [new() { Until = 0.4, ImageSize = 96 }, new() { Until = 0.8, ImageSize = 100, Ramp = true, Multiple = 16 }], epochs: 5, full: 128));
        Assert.Equal([224, 224], Sizes([], epochs: 2, full: 224));
    }

    [Theory]
    [InlineData("data.progressive[1].until is 0.3", 0.4, 0.3, 4)]
    [InlineData("data.progressive[0].until is 0", 0.0, 0.5, 4)]
    [InlineData("data.progressive[0].image_size is 0", 0.4, 0.5, 0)]
    public void Stages_out_of_order_or_range_are_told(string problem, double first, double second, int size)
    {
        var recipe = Recipe([new() { Until = first, ImageSize = size }, new() { Until = second, ImageSize = 5 }]);
        Assert.StartsWith(problem.Replace(" is ", ": ", StringComparison.Ordinal), recipe.Validate()[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(14)]
    public void A_run_that_is_stopped_at_any_size_goes_on_to_the_same_bits(int stoppedBefore) => AssertResumes(Recipe(s_stages), stoppedBefore);

    [Fact]
    public void Plans_of_past_sizes_are_freed_and_each_size_is_compiled_once()
    {
        var recipe = Recipe(s_stages);
        var backend = new CountingBackend();
        using (var trainer = new Trainer(Options(recipe, new Growing(recipe)) with { Backend = backend }))
            trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        var steps = backend.Compiled.Where(plan => plan.Contains("target", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["4", "5", "6"], steps.Select(plan => plan.Split(' ')[0]).Distinct());
        Assert.Equal(6, steps.Length);
        Assert.Equal(0, backend.Alive);
        Assert.True(backend.MostAlive <= 4, $"{backend.MostAlive} plans at a time");
    }

    [Fact]
    public void A_teacher_sees_the_images_of_its_student_at_every_size()
    {
        var recipe = Recipe(s_stages) with { Loss = new KdOptions { Alpha = 0.5 } };
        var backend = new CountingBackend();
        using var donor = new Trainer(Runs.Options(Runs.Recipe()) with { From = null });
        Graph At(int batch, int size) => new ResizeImages(size, size).Apply(TinyModel.Net(batch));
        using (var teacher = new ModelTeacher(backend, batch => TinyModel.Net(batch), donor.Session.Weights(TinyModel.Net(1)), batchSize: 4, At))
        using (var trainer = new Trainer(Options(recipe, new Growing(recipe)) with { Teacher = teacher.Teach }))
            Assert.Equal(TrainingEnd.Finished, trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken));
        Assert.Equal(["6", "4", "5", "6"], backend.Compiled.Select(plan => plan.Trim()).Where((size, i) => i == 0 || backend.Compiled[i - 1].Trim() != size));
        Assert.Equal(0, backend.Alive);
        Assert.True(backend.MostAlive <= 2, $"{backend.MostAlive} plans at a time");
    }

    [Fact]
    public void A_first_layer_whitens_the_images_with_which_a_run_begins()
    {
        var recipe = Recipe(s_stages) with { Model = new() { Name = "tiny", Whiten = true } };
        using var trainer = new Trainer(Options(recipe, new Growing(recipe)) with { Model = Wide });
        var (_, wanted) = Whitening.Of(new ResizeImages(4, 4).Apply(Wide(1)), trainer.Session.Read, new Growing(recipe).Epoch(0));
        Assert.Equal(wanted.Floats.ToArray(), trainer.Session.Read("conv.weight").Floats.ToArray());
        Assert.Equal(TrainingEnd.Finished, trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Statistics_for_averages_are_those_of_images_of_the_runs_end()
    {
        var recipe = Swa();
        var images = new Growing(recipe);
        using var trainer = new Trainer(Options(recipe, images));
        trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        Assert.Equal([0, 2, 1, 2, 2, 2], images.Asked);
        using var estimator = new NormEstimator(new ReferenceBackend(), batch => TinyModel.Net(batch));
        var wanted = estimator.Run(
            trainer.Session.Weights(TinyModel.Net(1)), new Growing(recipe).Epoch(2).Take(2), batchSize: 4, TestContext.Current.CancellationToken);
        Assert.NotEmpty(wanted);
        foreach (var (name, tensor) in wanted) Assert.Equal(tensor.Floats.ToArray(), trainer.Session.Read($"ema/{name}").Floats.ToArray());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(15)]
    public void A_run_that_whitens_averages_and_learns_from_a_teacher_goes_on_to_the_same_bits_at_any_size(int stoppedBefore)
    {
        var recipe = Swa() with { Loss = new KdOptions { Alpha = 0.5 }, Model = new() { Name = "tiny", Whiten = true } };
        AssertResumes(recipe, stoppedBefore, Wide);
    }

    [Fact]
    public void A_model_that_cannot_take_a_size_is_refused_before_it_is_trained()
    {
        var recipe = Recipe(s_stages);
        Assert.StartsWith(
            "data.progressive: the graph 'linear' cannot take images of 4×4: fc (mat_mul)",
            Assert.Throws<TrainingException>(
                () => new Trainer(Options(recipe, new Growing(recipe)) with { Model = batch => TinyModel.LinearNet(batch) })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_of_one_size_are_refused_before_a_progressive_run_begins()
    {
        var recipe = Recipe(s_stages);
        recipe = recipe with { Data = recipe.Data with { ImageSize = TinyModel.Size, Fit = Fit.Stretch } };
        using var loader = LoadedRuns.Loader(recipe, [], withBad: false);
        Assert.Equal(
            "data.progressive: epoch 1 wants images of 4×4; the batches are of 6×6; a SizedBatches opens a loader for each size, as TrainingSetup does",
            Assert.Throws<TrainingException>(() => new Trainer(Options(recipe, new LoadedBatches(loader)))).Message);
    }

    [Fact]
    public void Batches_that_do_not_say_their_size_are_refused_where_sizes_change()
    {
        var recipe = Recipe(s_stages);
        Assert.Equal(
            "data.progressive: epoch 1 wants images of 4×4; the batches do not say their size (IBatchSource.ImageSizeAt)",
            Assert.Throws<TrainingException>(() => new Trainer(Options(recipe, new Growing(recipe) { SaysSize = false }))).Message);
    }

    [Fact]
    public void Batches_of_another_size_than_the_models_are_refused_before_the_first_step()
    {
        var recipe = Recipe([]) with { Data = new() { ImageSize = 8, Fit = Fit.Stretch } };
        using var loader = LoadedRuns.Loader(recipe, [], withBad: false);
        Assert.Equal(
            "epoch 1 wants images of 6×6; the batches are of 8×8",
            Assert.Throws<TrainingException>(() => new Trainer(Options(recipe, new LoadedBatches(loader)))).Message);
    }

    private static void AssertResumes(TrainRecipe recipe, int stoppedBefore, Func<int, Graph>? model = null)
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(Directory.CreateDirectory(folder.Path("checkpoints")).FullName);
        TrainerOptions On(Growing images) => Options(recipe, images) with { Model = model ?? Options(recipe, images).Model };
        using var whole = new Trainer(On(new Growing(recipe)));
        Assert.Equal(TrainingEnd.Finished, whole.Run(new RecordingLog(), TestContext.Current.CancellationToken));

        using (var stop = new CancellationTokenSource())
        {
            var images = new Growing(recipe) { Before = batch => { if (batch == stoppedBefore) stop.Cancel(); } };
            using var first = new Trainer(On(images) with { Checkpoints = checkpoints });
            Assert.Equal(TrainingEnd.Interrupted, first.Run(new RecordingLog(), stop.Token));
        }

        using var second = new Trainer(On(new Growing(recipe)) with { Checkpoints = checkpoints, From = checkpoints.LoadLatest(Assert.Fail) });
        Assert.Equal(TrainingEnd.Finished, second.Run(new RecordingLog(), TestContext.Current.CancellationToken));
        Assert.Equal(Runs.Variables(whole), Runs.Variables(second));
    }

    private static readonly SizeStage[] s_stages = [new() { Until = 0.3, ImageSize = 4 }, new() { Until = 0.6, ImageSize = 5 }];

    private static int[] Sizes(SizeStage[] stages, int epochs, int full) =>
        [.. Enumerable.Range(0, epochs).Select(epoch => SizeStage.At(stages, epoch, epochs, full))];

    /// <summary>Averages from the first update on, whose statistics are estimated over two batches.</summary>
    private static TrainRecipe Swa()
    {
        var recipe = Recipe(s_stages);
        return recipe with { Average = new SwaOptions { NormBatches = 2 }, Train = recipe.Train with { EmaDecay = 0 } };
    }

    /// <summary>A first convolution with as many filters as its patches have numbers.</summary>
    private static Graph Wide(int batch)
    {
        var graph = new Graph("tiny");
        var x = graph.Input("input", TensorType.F32(batch, TinyModel.Channels, TinyModel.Size, TinyModel.Size));
        x = x.Conv2d(graph.Parameter("conv.weight", new Shape(12, TinyModel.Channels, 2, 2), Initializer.KaimingFanIn), Window2d.Of(1, 0)).Relu();
        var channels = new Shape(12);
        x = x.BatchNorm(
            graph.Parameter("bn.weight", channels, Initializer.Ones), graph.Parameter("bn.bias", channels, Initializer.Zeros),
            graph.State("bn.running_mean", channels, Initializer.Zeros), graph.State("bn.running_var", channels, Initializer.Ones));
        graph.Output("logits", x.Mean(2, 3).MatMul(graph.Parameter("fc.weight", new Shape(3, 12), Initializer.FanInUniform), transposeB: true));
        return graph;
    }

    private static TrainRecipe Recipe(IReadOnlyList<SizeStage> stages) => Runs.Recipe(epochs: 3) with { Data = new() { Progressive = stages } };

    private static TrainerOptions Options(TrainRecipe recipe, IBatchSource images) => Runs.Options(recipe, images: images) with { From = null };

    /// <summary>18 images, in five batches of four and one of two, of the size that the recipe says for the epoch.</summary>
    private sealed class Growing(TrainRecipe recipe) : IBatchSource
    {
        private int _batches;

        internal Action<int> Before { get; init; } = _ => { };

        /// <summary>The epochs that were asked for, in order.</summary>
        internal List<int> Asked { get; } = [];

        public int Samples => 18;

        public int BatchSize => 4;

        public int Batches => 5;

        internal bool SaysSize { get; init; } = true;

        public IReadOnlyList<string> BadImages => [];

        public int ImageSizeAt(int epoch) => SaysSize ? SizeAt(epoch) : 0;

        public IEnumerable<Batch> Epoch(int epoch, int first = 0, CancellationToken stop = default)
        {
            Asked.Add(epoch);
            var size = SizeAt(epoch);
            for (var b = first; b < Batches; b++)
            {
                Before(++_batches);
                var count = Math.Min(4, Samples - (b * 4));
                var draws = new Philox(5, Philox.Stream((ulong)epoch, (ulong)b));
                var images = new float[count * TinyModel.Channels * size * size];
                for (var i = 0; i < images.Length; i++) images[i] = (float)draws.Normal((ulong)i);
                yield return new(count, images, Enumerable.Range(0, count).Select(i => (i + b) % 3).ToArray());
            }
        }

        private int SizeAt(int epoch) => SizeStage.At(recipe.Data.Progressive, epoch, recipe.Train.Epochs, TinyModel.Size);
    }

    /// <summary>Counts the plans that are compiled, by the size of their images and their inputs, and those that are not freed yet.</summary>
    private sealed class CountingBackend : IBackend
    {
        private readonly ReferenceBackend _inner = new();

        internal List<string> Compiled { get; } = [];

        internal int Alive { get; private set; }

        internal int MostAlive { get; private set; }

        public string Name => "counting";

        public ISession Open() => new Session(this, _inner.Open());

        private sealed class Session(CountingBackend owner, ISession inner) : ISession
        {
            private readonly List<Plan> _plans = [];

            public IReadOnlyList<string> Variables => inner.Variables;

            public IExecutable Compile(Graph graph, ulong seed = 0)
            {
                owner.Compiled.Add($"{graph.Find("input")?.Shape.H} {(graph.Find("target") is null ? "" : "target")}");
                owner.MostAlive = Math.Max(owner.MostAlive, ++owner.Alive);
                _plans.Add(new(owner, inner.Compile(graph, seed)));
                return _plans[^1];
            }

            public void Write(string variable, HostTensor value) => inner.Write(variable, value);

            public HostTensor Read(string variable) => inner.Read(variable);

            public void Dispose()
            {
                foreach (var plan in _plans) plan.Dispose();
                inner.Dispose();
            }
        }

        private sealed class Plan(CountingBackend owner, IExecutable inner) : IExecutable
        {
            private bool _isDisposed;

            public Graph Graph => inner.Graph;

            public Span<byte> Input(string name) => inner.Input(name);

            public ReadOnlySpan<byte> Output(string name) => inner.Output(name);

            public void Run() => inner.Run();

            public void Dispose()
            {
                if (!_isDisposed) owner.Alive--;
                _isDisposed = true;
                inner.Dispose();
            }
        }
    }
}
