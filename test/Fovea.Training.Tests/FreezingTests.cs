using System.Runtime.InteropServices;
using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Evaluation;
using Fovea.Training.Logging;
using Fovea.Training.Optimizers;
using Fovea.Training.Recipes;
using Fovea.Training.State;
using Fovea.Training.Steps;
using Fovea.Training.Weights;

namespace Fovea.Training.Tests;

/// <summary>Parts of a model that stay as they are while the rest trains, for ever or for some epochs.</summary>
public sealed class FreezingTests
{
    private static readonly FreezeOptions s_backbone = new() { Names = [FreezeOptions.Backbone] };

    private static readonly FreezeOptions s_gradual =
        new() { Names = [FreezeOptions.Backbone], Thaw = [new() { After = 1, Names = ["two"] }, new() { After = 2, Names = ["one.norm"] }] };

    [Fact]
    public void A_frozen_backbone_does_not_move_and_has_no_slots_and_averages_but_its_classifier_trains()
    {
        using var trainer = new Trainer(Options(s_backbone));
        var before = Runs.Variables(trainer);
        trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        var after = Runs.Variables(trainer);
        foreach (var (name, bytes) in before) Assert.Equal(name.Contains("fc.", StringComparison.Ordinal), !bytes.SequenceEqual(after[name]));
        Assert.Equal(
            ["ema/fc.bias", "ema/fc.weight", "momentum/fc.bias", "momentum/fc.weight"], after.Keys.Where(SlotNames.IsSlot));
    }

    [Fact]
    public void A_step_with_a_frozen_backbone_has_no_gradient_of_it_and_no_statistics_of_batches()
    {
        var step = TrainingGraph.Build(Deep(4), Step(s_backbone, Deep(4)));
        Assert.DoesNotContain(step.Graph.Nodes, node => node.Op is Conv2dInputGradient or Conv2dWeightGradient or BatchNormTraining or BatchNormGradient);
        Assert.Equal(["ema/fc.bias", "ema/fc.weight", "fc.bias", "fc.weight", "momentum/fc.bias", "momentum/fc.weight"],
            step.Graph.Updates.Select(update => update.Variable.Variable!.Label).Order(StringComparer.Ordinal));
    }

    /// <summary>The first block trains, what is behind it does not: its gradient passes through norms by running statistics.</summary>
    [Theory]
    [InlineData(Precision.Fp32, 1e-4)]
    [InlineData(Precision.Bf16, 3e-2)]
    public void Gradients_pass_through_frozen_parts_on_every_backend(Precision precision, double tolerance)
    {
        var freeze = new FreezeOptions { Names = ["two", "fc"] };
        var wanted = OneStep(new ReferenceBackend(), freeze, Precision.Fp32);
        var actual = OneStep(new OneDnnBackend(), freeze, precision);
        Assert.NotEqual(wanted.Before["one.conv.weight"], wanted.After["one.conv.weight"]);
        Assert.Equal(wanted.Before["two.conv.weight"], wanted.After["two.conv.weight"]);
        Assert.Equal(wanted.Before["two.norm.running_var"], wanted.After["two.norm.running_var"]);
        foreach (var (name, numbers) in wanted.After)
            for (var i = 0; i < numbers.Length; i++)
                Assert.True(Math.Abs(numbers[i] - actual.After[name][i]) <= tolerance, $"{name}[{i}] is {actual.After[name][i]}; wanted {numbers[i]}");
    }

    [Fact]
    public void All_trains_when_the_frozen_epochs_are_over_and_averages_of_what_thaws_begin_at_its_weights()
    {
        var log = new RecordingLog();
        using var trainer = new Trainer(Options(s_backbone with { Epochs = 2 }));
        var begun = Runs.Variables(trainer);
        trainer.Run(log, TestContext.Current.CancellationToken);
        var after = Runs.Variables(trainer);
        Assert.Contains("27 of 447 parameters train (2 of 8 tensors), the others are frozen", log.Messages);
        Assert.Contains("epoch 3: all parameters train from here on", log.Messages);
        Assert.False(begun["one.conv.weight"].SequenceEqual(after["one.conv.weight"]));
        Assert.Contains("momentum/one.conv.weight", after.Keys);
        // One epoch of six steps, each of which keeps most of the average: it has not forgotten where it began.
        var (from, average, now) = (Floats(begun, "one.conv.weight"), Floats(after, "ema/one.conv.weight"), Floats(after, "one.conv.weight"));
        for (var i = 0; i < from.Length; i++)
            Assert.InRange(average[i], Math.Min(from[i], now[i]) - 0.2f, Math.Max(from[i], now[i]) + 0.2f);
    }

    [Fact]
    public void Parts_thaw_stage_by_stage()
    {
        var log = new RecordingLog();
        using var trainer = new Trainer(Options(s_gradual));
        var epochs = new List<SortedDictionary<string, byte[]>> { Runs.Variables(trainer) };
        trainer.Run(new Snapshots(log, () => epochs.Add(Runs.Variables(trainer))), TestContext.Current.CancellationToken);
        string[] Moved(int epoch) => [.. epochs[epoch].Keys.Where(name => !SlotNames.IsSlot(name))
            .Where(name => !epochs[epoch][name].SequenceEqual(epochs[epoch + 1][name])).Select(name => name[..name.LastIndexOf('.')]).Distinct()];
        Assert.Equal(["fc"], Moved(0));
        Assert.Equal(["fc", "two.conv", "two.norm"], Moved(1));
        Assert.Equal(["fc", "one.norm", "two.conv", "two.norm"], Moved(2));
        Assert.Equal(
            ["epoch 2: 331 of 447 parameters train (5 of 8 tensors), the others are frozen from here on",
                "epoch 3: 339 of 447 parameters train (7 of 8 tensors), the others are frozen from here on"],
            log.Messages.Where(message => message.StartsWith("epoch", StringComparison.Ordinal)));
    }

    public static TheoryData<int, int> Stops => new MatrixTheoryData<int, int>([2, 5, 6, 7, 11, 12, 14], [1, 2]);

    [Theory]
    [MemberData(nameof(Stops))]
    public void A_run_that_thaws_is_stopped_at_any_batch_and_goes_on_to_the_same_bits(int stoppedBefore, int accumulate)
    {
        var freeze = new FreezeOptions { Names = [FreezeOptions.Backbone], Epochs = 2, Thaw = [new() { After = 1, Names = ["bn"] }] };
        ResumeTests.AssertResumes(Runs.Recipe(epochs: 3, accumulate, new AdamWOptions()) with { Freeze = freeze }, stoppedBefore);
    }

    [Fact]
    public void What_stands_around_the_optimizer_leaves_frozen_parts_alone()
    {
        var optimizer = new AdamWOptions { Around = [new SamOptions(), new LookaheadOptions { Every = 2 }] };
        using var trainer = new Trainer(Options(s_backbone, optimizer, accumulate: 2));
        var before = Runs.Variables(trainer);
        trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        var after = Runs.Variables(trainer);
        foreach (var name in before.Keys.Where(name => !name.Contains("fc.", StringComparison.Ordinal))) Assert.Equal(before[name], after[name]);
        Assert.All(after.Keys.Where(SlotNames.IsSlot), name => Assert.Contains("/fc.", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Rates_of_layers_are_those_that_they_have_when_nothing_is_frozen()
    {
        var optimizer = new SgdOptions { LayerDecay = 0.5, Momentum = 0, WeightDecay = 0 };
        string[] Rates(IReadOnlySet<string> frozen) =>
        [
            .. TrainingGraph.Build(Deep(4), new() { Optimizer = optimizer, Frozen = frozen })
                .Numbers.Select(number => number.Name).Where(name => name.StartsWith("learning_rate", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(["learning_rate", "learning_rate×0.25", "learning_rate×0.5"], Rates(new HashSet<string>()));
        Assert.Equal(["learning_rate×0.25"], Rates(new FrozenStages(new() { Names = ["two", "fc"] }, Deep(1)).In(0)));
        Assert.Equal(["learning_rate", "learning_rate×0.25"], Rates(new FrozenStages(new() { Names = ["two"] }, Deep(1)).In(0)));
    }

    [Fact]
    public void Dropout_between_frozen_layers_is_off_and_that_in_front_of_the_classifier_draws_as_it_does_without()
    {
        Graph Model(int batch) => Deep(batch, dropout: 0.5);
        RandomDropout[] Draws(IReadOnlySet<string> frozen) =>
            [.. TrainingGraph.Build(Model(4), new() { Frozen = frozen }).Graph.Nodes.Select(node => node.Op).OfType<RandomDropout>().Distinct()];
        var all = Draws(new HashSet<string>());
        Assert.Equal(2, all.Length);
        Assert.Equal([all[1]], Draws(new FrozenStages(s_backbone, Model(1)).In(0)));
    }

    [Fact]
    public void Branches_of_frozen_blocks_are_kept_at_their_mean_and_the_others_are_random()
    {
        Graph Model(int batch)
        {
            var graph = new Graph("branches");
            var s = new Scope(graph);
            var x = graph.Input("input", TensorType.F32(batch, TinyModel.Channels, TinyModel.Size, TinyModel.Size));
            x = Conv(s["one"], x, 4).Relu();
            x = x.Plus(Conv(s["two"], x, 4).DropPath(0.25));
            x = x.Plus(Conv(s["three"], x, 4).DropPath(0.5));
            graph.Output("logits", Linear(s["fc"], x.Mean(2, 3)));
            return graph;
        }

        var frozen = new FrozenStages(new() { Names = ["one", "two"] }, Model(1)).In(0);
        var random = TrainingGraph.Build(Model(4), new() { Frozen = frozen }).Graph.Nodes.Where(node => node.Op is RandomScale).ToArray();
        Assert.Single(random.Select(node => ((RandomScale)node.Op).Stream).Distinct());
        Assert.Equal("three", random[0].Path);
    }

    [Fact]
    public void Statistics_that_are_estimated_for_averages_leave_frozen_norms_alone()
    {
        var options = Options(new() { Names = ["one"] });
        var recipe = options.Recipe with { Average = new SwaOptions { NormBatches = 2 }, Train = options.Recipe.Train with { EmaDecay = 0 } };
        using var trainer = new Trainer(options with { Recipe = recipe });
        var before = Runs.Variables(trainer);
        trainer.Run(new RecordingLog(), TestContext.Current.CancellationToken);
        var weights = trainer.Session.Weights(Deep(1)).ToDictionary(entry => entry.Name, entry => entry.Tensor.Bytes.ToArray());
        Assert.Equal(before["one.norm.running_mean"], weights["one.norm.running_mean"]);
        Assert.NotEqual(before["two.norm.running_mean"], weights["two.norm.running_mean"]);
        Assert.False(NormEstimator.HasNorms(Deep(1), new FrozenStages(s_backbone, Deep(1)).In(0)));
    }

    [Fact]
    public void Gradient_checkpointing_gives_the_same_step_beside_frozen_parts()
    {
        var freeze = new FreezeOptions { Names = ["one"] };
        var plain = OneStep(new ReferenceBackend(), freeze, Precision.Fp32);
        var again = OneStep(new ReferenceBackend(), freeze, Precision.Fp32, recomputes: true);
        foreach (var (name, numbers) in plain.After) Assert.Equal(numbers, again.After[name]);
    }

    [Fact]
    public void Names_of_everything_are_refused() => Assert.Equal(
        "freeze.names freezes all 8 parameters of deep; wanted some that train, as the classifier (backbone is all but that)",
        Assert.Throws<TrainingException>(() => new Trainer(Options(new() { Names = ["*"] }))).Message);

    [Fact]
    public void Stages_out_of_order_are_told()
    {
        IEnumerable<string> Problems(FreezeOptions freeze) => (Runs.Recipe() with { Freeze = freeze }).Validate().Select(problem => problem.ToString());
        Assert.Equal(
            ["freeze.names: none beside epochs or thaw; wanted names of parameters or modules, as layer1, or backbone"], Problems(new() { Epochs = 3 }));
        Assert.Equal(
            ["freeze.thaw[1].names: none; wanted names of parameters or modules, as layer4",
                "freeze.thaw[1].after: 2; wanted more than in the stage before",
                "freeze.thaw[2].after: 4; wanted less than freeze.epochs, which is 3"],
            Problems(s_backbone with
            {
                Epochs = 3, Thaw = [new() { After = 2, Names = ["two"] }, new() { After = 2 }, new() { After = 4, Names = ["one"] }],
            }));
        Assert.Contains("freeze.names: some beside repopt", (Runs.Recipe(optimizer: new SgdOptions { Around = [new RepOptOptions()] }) with
        {
            Freeze = s_backbone, Train = new(),
        }).Validate()[0].ToString(), StringComparison.Ordinal);
    }

    /// <summary>Two blocks of convolution, norm and ReLU, and a linear layer.</summary>
    private static Graph Deep(int batch) => Deep(batch, dropout: 0);

    private static Graph Deep(int batch, double dropout)
    {
        var graph = new Graph("deep");
        var s = new Scope(graph);
        var x = graph.Input("input", TensorType.F32(batch, TinyModel.Channels, TinyModel.Size, TinyModel.Size));
        x = Norm(s["one"]["norm"], Conv(s["one"]["conv"], x, 4)).Relu();
        if (dropout > 0) x = x.Dropout(dropout);
        x = Norm(s["two"]["norm"], Conv(s["two"]["conv"], x, 8)).Relu();
        if (dropout > 0) x = x.Dropout(dropout);
        graph.Output("logits", Linear(s["fc"], x.Mean(2, 3)));
        return graph;
    }

    private static Value Conv(Scope s, Value x, int width) =>
        x.Conv2d(s.Parameter("weight", new Shape(width, x.Shape.C, 3, 3), Initializer.KaimingFanIn), Window2d.Of(1, 1));

    private static Value Norm(Scope s, Value x)
    {
        var channels = new Shape(x.Shape.C);
        return x.BatchNorm(
            s.Parameter("weight", channels, Initializer.Ones), s.Parameter("bias", channels, Initializer.Zeros),
            s.State("running_mean", channels, Initializer.Zeros), s.State("running_var", channels, Initializer.Ones));
    }

    private static Value Linear(Scope s, Value x) =>
        x.MatMul(s.Parameter("weight", new Shape(3, x.Shape[1]), Initializer.FanInUniform), transposeB: true)
            .Plus(s.Parameter("bias", new Shape(3), Initializer.FanInUniform));

    private static TrainerOptions Options(FreezeOptions freeze, OptimizerOptions? optimizer = null, int accumulate = 1) =>
        Runs.Options(Runs.Recipe(epochs: 3, accumulate, optimizer) with { Freeze = freeze }, model: Deep);

    private static TrainingGraphOptions Step(FreezeOptions freeze, Graph model) => new()
    {
        Average = new EmaOptions(), Frozen = new FrozenStages(freeze, model).In(0),
    };

    private static (Dictionary<string, float[]> Before, Dictionary<string, float[]> After) OneStep(
        IBackend backend, FreezeOptions freeze, Precision precision, bool recomputes = false)
    {
        using var session = backend.Open();
        var options = Step(freeze, Deep(1)) with { Precision = precision, Recomputes = recomputes, Optimizer = new SgdOptions { Momentum = 0 } };
        using var step = new TrainingStep(session, Deep, options, batchSize: 4);
        Dictionary<string, float[]> Read() => session.Variables.ToDictionary(name => name, name => session.Read(name).Floats.ToArray());
        var before = Read();
        step.Run(new MemoryBatches(4, 4).Epoch(0).Single(), new RunState(), rate: 0.1);
        return (before, Read());
    }

    private static float[] Floats(SortedDictionary<string, byte[]> variables, string name) =>
        MemoryMarshal.Cast<byte, float>(variables[name]).ToArray();

    /// <summary>Looks at the run after each epoch.</summary>
    private sealed class Snapshots(RecordingLog inner, Action look) : ITrainingLog
    {
        public void Step(in StepReport report) => inner.Step(report);

        public void Epoch(EpochReport report)
        {
            inner.Epoch(report);
            look();
        }

        public void Message(string text) => inner.Message(text);

        public void Warning(string text) => inner.Warning(text);
    }
}
