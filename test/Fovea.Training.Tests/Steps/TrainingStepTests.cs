using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Training.Batches;
using Fovea.Training.Optimizers;
using Fovea.Training.State;
using Fovea.Training.Steps;

namespace Fovea.Training.Tests.Steps;

public class TrainingStepTests
{
    private static readonly TrainingGraphOptions s_options = new()
    {
        Optimizer = new SgdOptions { WeightDecay = 0.01 }, ClipGradientNorm = 0.5, GradientNorm = true,
    };

    [Fact]
    [Trait("row", "S0-15")]
    public void Accumulated_batches_update_like_one_batch_of_all_their_images_also_when_the_last_is_short()
    {
        var whole = Train(batchSize: 7, accumulate: 1);
        var parts = Train(batchSize: 3, accumulate: 4);
        Assert.Equal(whole.Norm, parts.Norm, 1e-5);
        foreach (var (name, expected) in whole.Weights)
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], parts.Weights[name][i], 1e-6);
    }

    [Fact]
    public void Accumulated_gradients_are_gone_after_the_update()
    {
        using var session = new ReferenceBackend().Open();
        using var step = new TrainingStep(session, batch => TinyModel.LinearNet(batch), s_options, batchSize: 2, accumulate: 2);
        var state = new RunState();
        foreach (var batch in new MemoryBatches(4, 2).Epoch(0)) step.Run(batch, state, rate: 0.1);
        Assert.Equal((1, 0, 0), (state.Step, state.PendingBatches, state.PendingSamples));
        Assert.All(session.Read(SlotNames.Gradient + "fc.weight").Floats.ToArray(), x => Assert.Equal(0, x));
    }

    [Fact]
    public void Images_of_another_size_are_refused()
    {
        using var session = new ReferenceBackend().Open();
        using var step = new TrainingStep(session, batch => TinyModel.LinearNet(batch), s_options, batchSize: 2);
        var error = Assert.Throws<ArgumentException>(() => step.Run(new Batch(2, new float[8], new int[2]), new RunState(), rate: 0.1));
        Assert.Equal("a batch of 2 has 8 numbers of images and 2 labels; the model wants 216 and 2", error.Message);
    }

    [Fact]
    public void Averages_and_moments_are_slots_named_after_their_parameters()
    {
        using var session = new ReferenceBackend().Open();
        var options = s_options with { Average = new EmaOptions() };
        using var step = new TrainingStep(session, batch => TinyModel.Net(batch), options, batchSize: 2);
        Assert.Equal(
            [
                "bn.bias", "bn.running_mean", "bn.running_var", "bn.weight", "conv.weight",
                "ema/bn.bias", "ema/bn.running_mean", "ema/bn.running_var", "ema/bn.weight", "ema/conv.weight", "ema/fc.bias", "ema/fc.weight",
                "fc.bias", "fc.weight",
                "momentum/bn.bias", "momentum/bn.weight", "momentum/conv.weight", "momentum/fc.bias", "momentum/fc.weight",
            ],
            session.Variables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_model_without_parameters_is_refused()
    {
        var graph = new Graph("empty");
        graph.Output("logits", graph.Input("input", Fovea.Tensors.TensorType.F32(2, 3)));
        var error = Assert.Throws<GraphException>(() => TrainingGraph.Build(graph, s_options));
        Assert.Contains("nothing to train", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loss_of_an_auxiliary_is_added_by_its_weight()
    {
        var alone = LossAtRateZero(batch => TinyModel.LinearNet(batch));
        var together = LossAtRateZero(batch =>
        {
            var graph = TinyModel.LinearNet(batch);
            graph.Auxiliary("side", graph.Output("logits"), lossWeight: 0.5);
            return graph;
        });
        Assert.Equal(1.5 * alone, together, 1e-6);
    }

    [Fact]
    public void Dropout_draws_anew_in_every_step()
    {
        using var session = new ReferenceBackend().Open();
        var options = new TrainingGraphOptions { Optimizer = new SgdOptions { LearningRate = 1, Momentum = 0, WeightDecay = 0 } };
        using var step = new TrainingStep(session, batch => TinyModel.Net(batch, dropout: 0.5), options, batchSize: 4);
        var batch = new MemoryBatches(4, 4).Epoch(0).Single();
        var state = new RunState();
        var losses = Enumerable.Range(0, 3).Select(_ => step.Run(batch, state, rate: 0).Loss).ToArray();
        Assert.Equal(3, losses.Distinct().Count());
    }

    /// <summary>A batch of 5 is normalised in two groups, whose images a batch of its own would normalise alike.</summary>
    [Fact]
    public void Ghost_batches_give_on_oneDNN_what_they_give_on_the_reference_and_not_what_whole_batches_give()
    {
        var options = s_options with { GhostBatch = 2 };
        var (reference, fast) = (Stepped(new ReferenceBackend(), options), Stepped(new OneDnnBackend(new OneDnnOptions { Guard = true }), options));
        foreach (var (name, wanted) in reference)
            for (var i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], fast[name][i], 1e-5);
        var whole = Stepped(new ReferenceBackend(), s_options);
        Assert.Contains(whole["conv.weight"].Zip(reference["conv.weight"]), pair => Math.Abs(pair.First - pair.Second) > 1e-4);
    }

    [Fact]
    public void Activations_that_are_computed_again_draw_as_they_did()
    {
        var options = s_options with { Seed = 5 };
        var (kept, again) = (Stepped(new ReferenceBackend(), options, 0.5), Stepped(new ReferenceBackend(), options with { Recomputes = true }, 0.5));
        foreach (var (name, wanted) in kept) Assert.Equal(wanted, again[name]);
    }

    private static Dictionary<string, float[]> Stepped(IBackend backend, TrainingGraphOptions options, double dropout = 0)
    {
        using var session = backend.Open();
        using var step = new TrainingStep(session, batch => TinyModel.Net(batch, dropout: dropout), options, batchSize: 5);
        step.Run(new MemoryBatches(5, 5).Epoch(0).Single(), new RunState(), rate: 0.2);
        return session.Variables.ToDictionary(name => name, name => session.Read(name).Floats.ToArray());
    }

    private static double LossAtRateZero(Func<int, Graph> model)
    {
        using var session = new ReferenceBackend().Open();
        using var step = new TrainingStep(session, model, s_options, batchSize: 4);
        return step.Run(new MemoryBatches(4, 4).Epoch(0).Single(), new RunState(), rate: 0).Loss;
    }

    private static (double Norm, Dictionary<string, float[]> Weights) Train(int batchSize, int accumulate)
    {
        using var session = new ReferenceBackend().Open();
        using var step = new TrainingStep(session, batch => TinyModel.LinearNet(batch), s_options, batchSize, accumulate);
        var state = new RunState();
        var norm = 0.0;
        for (var epoch = 0; epoch < 2; epoch++)
        {
            foreach (var batch in new MemoryBatches(7, batchSize).Epoch(epoch)) norm = step.Run(batch, state, rate: 0.2).GradientNorm ?? norm;
            if (state.PendingBatches > 0) norm = step.Close(state, rate: 0.2)!.Value;
        }

        Assert.Equal(2, state.Step);
        return (norm, ((string[])["fc.weight", "fc.bias"]).ToDictionary(name => name, name => session.Read(name).Floats.ToArray()));
    }
}
