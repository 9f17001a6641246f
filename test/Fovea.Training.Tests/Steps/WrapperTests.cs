using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Options;
using Fovea.Tensors;
using Fovea.Training.Optimizers;
using Fovea.Training.State;
using Fovea.Training.Steps;

namespace Fovea.Training.Tests.Steps;

/// <summary>What stands around the rules of optimisers, on whole models.</summary>
public class WrapperTests
{
    private static readonly SgdOptions s_sgd = new() { Momentum = 0, WeightDecay = 0 };

    /// <summary>With dropout, so that the second pass has to draw as the first.</summary>
    [Fact]
    [Trait("row", "S3-02")]
    public void Sam_steps_by_the_gradient_that_a_model_with_moved_weights_has()
    {
        var (weights, gradients) = Stepped(s_sgd, _ => { });
        var norm = Math.Sqrt(gradients.Values.SelectMany(g => g).Sum(x => x * (double)x));
        const double rho = 0.3;
        var (_, moved) = Stepped(s_sgd, session =>
        {
            foreach (var (name, g) in gradients)
                session.Write(name, HostTensor.Of(session.Read(name).Shape, [.. weights[name].Select((w, i) => (float)(w + (rho * g[i] / norm)))]));
        });
        var (_, sam) = Stepped(s_sgd with { Around = [new SamOptions { Rho = rho }] }, _ => { });
        foreach (var (name, wanted) in moved)
            for (var i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], sam[name][i], 1e-5);
        Assert.Contains(sam, entry => entry.Value.Zip(gradients[entry.Key]).Any(pair => Math.Abs(pair.First - pair.Second) > 1e-3));
    }

    [Fact]
    public void Running_statistics_follow_the_first_pass_of_sam()
    {
        float[] Mean(OptimizerOptions optimizer)
        {
            using var session = new ReferenceBackend().Open();
            using var step = new TrainingStep(session, batch => TinyModel.Net(batch), new() { Optimizer = optimizer }, batchSize: 4);
            step.Run(new MemoryBatches(4, 4).Epoch(0).Single(), new RunState(), rate: 0.1);
            return session.Read("bn.running_mean").Floats.ToArray();
        }

        Assert.Equal(Mean(s_sgd), Mean(s_sgd with { Around = [new SamOptions { Rho = 2 }] }));
    }

    [Fact]
    public void Everything_around_a_rule_gives_on_oneDNN_what_it_gives_on_the_reference()
    {
        var options = new TrainingGraphOptions { Optimizer = new SgdOptions { Around = WrapperOptions.Kinds }, Average = new EmaOptions() };
        using var fast = new OneDnnBackend(new OneDnnOptions { Guard = true }).Open();
        using var exact = new ReferenceBackend().Open();
        foreach (var session in (ISession[])[fast, exact])
        {
            using var step = new TrainingStep(session, batch => TinyModel.Net(batch, dropout: 0.5), options, batchSize: 4);
            var state = new RunState();
            for (var i = 0; i < 6; i++) step.Run(new MemoryBatches(4, 4).Epoch(0).Single(), state, rate: 0.05);
        }

        foreach (var name in exact.Variables)
        {
            var (ours, wanted) = (fast.Read(name).Floats.ToArray(), exact.Read(name).Floats.ToArray());
            for (var i = 0; i < wanted.Length; i++) Assert.True(Math.Abs(ours[i] - wanted[i]) < 1e-4, $"{name}[{i}] is {ours[i]}; wanted {wanted[i]}");
        }
    }

    [Fact]
    public void A_wrapper_of_the_callers_own_stands_around_any_rule()
    {
        var (_, gradients) = Stepped(s_sgd, _ => { });
        var (_, halved) = Stepped(s_sgd with { Around = [new Half()] }, _ => { });
        foreach (var (name, wanted) in gradients)
            for (var i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i] / 2, halved[name][i], 1e-6);
    }

    [Fact]
    public void Options_of_wrappers_out_of_range_are_named_with_their_place()
    {
        var recipe = Runs.Recipe(optimizer: s_sgd with { Around = [new SamOptions(), new LookaheadOptions { Every = 0, Alpha = 2 }] });
        Assert.Equal(
            ["optimizer.around[1].every: 0; wanted at least 1", "optimizer.around[1].alpha: 2; wanted above 0, from 1E-30 to 1"],
            recipe.Validate().Select(problem => problem.ToString()));
    }

    /// <summary>The weights before a step of SGD at rate 1, and what it took away.</summary>
    private static (Dictionary<string, float[]> Weights, Dictionary<string, float[]> Step) Stepped(OptimizerOptions optimizer, Action<ISession> prepare)
    {
        using var session = new ReferenceBackend().Open();
        using var step = new TrainingStep(session, batch => TinyModel.Net(batch, dropout: 0.3), new() { Optimizer = optimizer }, batchSize: 4);
        prepare(session);
        string[] names = ["conv.weight", "bn.weight", "bn.bias", "fc.weight", "fc.bias"];
        Dictionary<string, float[]> All() => names.ToDictionary(name => name, name => session.Read(name).Floats.ToArray());
        var before = All();
        step.Run(new MemoryBatches(4, 4).Epoch(0).Single(), new RunState(), rate: 1);
        return (before, All().ToDictionary(entry => entry.Key, entry => before[entry.Key].Zip(entry.Value, (w, next) => w - next).ToArray()));
    }

    /// <summary>Goes half the way that a rule goes.</summary>
    private sealed record Half : WrapperOptions
    {
        public override string Kind => "half";

        public override Value After(ParameterUpdate update, Value next) => update.Weight.Blend(next, 0.5, 0.5);

        public override void Check(OptionChecks checks)
        {
        }
    }
}
