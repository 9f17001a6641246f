using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;
using Fovea.Training.Optimizers;
using Fovea.Training.State;
using Fovea.Training.Steps;

namespace Fovea.Training.Tests.Steps;

public class OptimizerTests
{
    public static TheoryData<string> Backends => [.. UpdateProblem.Backends.Keys];

    [Theory]
    [MemberData(nameof(Backends))]
    public void Numbers_of_a_gradient_are_cut_to_the_size_that_is_allowed(string backend)
    {
        var rule = new SgdOptions { Momentum = 0, WeightDecay = 0 };
        var whole = Step(new TrainingGraphOptions { Optimizer = rule });
        var cut = Step(new TrainingGraphOptions { Optimizer = rule, ClipGradientValue = 0.3 });
        Assert.Contains(whole, g => Math.Abs(g) > 0.3);
        Assert.Contains(whole, g => Math.Abs(g) < 0.3);
        for (var i = 0; i < whole.Length; i++) Assert.Equal(Math.Clamp(whole[i], -0.3, 0.3), cut[i], 1e-6);

        double[] Step(TrainingGraphOptions options)
        {
            using var problem = new UpdateProblem(backend, options, rate: 1);
            problem.Step();
            return [.. UpdateProblem.Names.SelectMany(name => UpdateProblem.Initial(name).Zip(problem.Read(name), (w, next) => w - next))];
        }
    }

    [Fact]
    [Trait("row", "S0-13")]
    public void Parameters_whose_names_are_listed_do_not_decay()
    {
        var rule = new SgdOptions { Momentum = 0, WeightDecay = 0.5, Decay1d = true, NoDecay = ["w1.b*", "w?.none"] };
        var options = new TrainingGraphOptions { Optimizer = rule };
        using var problem = new UpdateProblem("reference", options, rate: 0.1) { HasGradient = false };
        problem.Step();
        foreach (var name in UpdateProblem.Names)
            problem.AssertNear(name, [.. UpdateProblem.Initial(name).Select(w => (name == "w1.bias" ? 1 : 0.95) * w)]);
    }

    [Fact]
    public void Blocks_learn_less_the_nearer_they_are_to_the_input()
    {
        string[] names =
            ["conv1.weight", "bn1.weight", "layer1.0.conv1.weight", "layer1.0.conv2.weight", "layer1.1.conv1.weight", "layer2.0.a.weight", "fc.bias"];
        var graph = new Graph("blocks");
        Value[] parameters = [.. names.Select(name => graph.Parameter(name, new Shape(2), Initializer.Zeros))];
        Assert.Equal([0.0625, 0.0625, 0.125, 0.125, 0.25, 0.5, 1], LayerRates.Of(parameters, 0.5));
    }

    [Fact]
    public void A_rule_uses_the_rate_of_the_block_in_all_its_numbers()
    {
        using var session = new ReferenceBackend().Open();
        var rule = new AdamWOptions { LearningRate = 1, WeightDecay = 0.5, LayerDecay = 0.25 };
        using var step = new TrainingStep(session, batch => TinyModel.Net(batch), new() { Optimizer = rule }, batchSize: 4);
        float[] Read(string name) => session.Read(name).Floats.ToArray();
        var before = (Conv: Read("conv.weight"), Fc: Read("fc.weight"));
        step.Run(new MemoryBatches(4, 4).Epoch(0).Single(), new RunState(), rate: 0.01);
        AssertStep(before.Conv, Read("conv.weight"), rate: 0.01 * 0.25 * 0.25);
        AssertStep(before.Fc, Read("fc.weight"), rate: 0.01);

        // The first step of Adam is one rate long.
        static void AssertStep(float[] w, float[] next, double rate)
        {
            for (var i = 0; i < w.Length; i++) Assert.Equal(rate, Math.Abs((w[i] * (1 - (0.5 * rate))) - next[i]), 1e-3 * rate);
        }
    }

    [Fact]
    public void Biases_learn_at_a_rate_of_their_own()
    {
        float[] Step(double biasRate, string name)
        {
            using var session = new ReferenceBackend().Open();
            var rule = new SgdOptions { Momentum = 0, WeightDecay = 0, BiasRate = biasRate };
            using var step = new TrainingStep(session, batch => TinyModel.Net(batch), new() { Optimizer = rule }, batchSize: 4);
            var before = session.Read(name).Floats.ToArray();
            step.Run(new MemoryBatches(4, 4).Epoch(0).Single(), new RunState(), rate: 0.01);
            return [.. before.Zip(session.Read(name).Floats.ToArray(), (w, next) => w - next)];
        }

        foreach (var name in (string[])["bn.bias", "fc.bias"])
            foreach (var (plain, fast) in Step(1, name).Zip(Step(64, name))) Assert.Equal(64 * plain, fast, 1e-5);
        Assert.Equal(Step(1, "fc.weight"), Step(64, "fc.weight"));
    }

    public static TheoryData<string> Driven => ["sgd", "nesterov", "adam", "adamw", "adabound", "lamb", "lars"];

    [Theory]
    [MemberData(nameof(Driven))]
    public void A_momentum_that_a_schedule_sets_takes_the_place_of_the_rules_own(string kind)
    {
        OptimizerOptions Rule(double momentum) => kind switch
        {
            "sgd" or "nesterov" => new SgdOptions { Momentum = momentum, Nesterov = kind == "nesterov" },
            "adam" => new AdamOptions { Beta1 = momentum },
            "adamw" => new AdamWOptions { Beta1 = momentum },
            "adabound" => new AdaBoundOptions { Beta1 = momentum },
            "lamb" => new LambOptions { Beta1 = momentum },
            _ => new LarsOptions { Momentum = momentum },
        };
        var wanted = Weights(new() { Optimizer = Rule(0.7) }, momentum: null);
        var driven = Weights(new() { Optimizer = Rule(0.9), DrivesMomentum = true }, momentum: 0.7);
        var own = Weights(new() { Optimizer = Rule(0.7), DrivesMomentum = true }, momentum: null);
        for (var i = 0; i < wanted.Length; i++)
        {
            Assert.Equal(wanted[i], driven[i], 1e-6);
            Assert.Equal(wanted[i], own[i], 1e-6);
        }

        static double[] Weights(TrainingGraphOptions options, double? momentum)
        {
            using var session = new ReferenceBackend().Open();
            using var step = new TrainingStep(session, batch => TinyModel.LinearNet(batch), options, batchSize: 4);
            var state = new RunState();
            for (var i = 0; i < 4; i++) step.Run(new MemoryBatches(4, 4).Epoch(0).Single(), state, rate: 0.01, momentum);
            return [.. session.Read("fc.weight").Floats.ToArray().Select(w => (double)w)];
        }
    }

    [Fact]
    [Trait("row", "S3-02")]
    public void Stochastic_weight_averaging_is_the_mean_of_the_weights_at_its_steps()
    {
        var options = new SwaOptions { After = 3, Every = 2 };
        var (average, sum, count) = (0.0, 0.0, 0);
        for (var step = 1; step <= 12; step++)
        {
            var w = Math.Sin(step);
            average = (options.ShareAt(step) * average) + ((1 - options.ShareAt(step)) * w);
            if (step <= 4) Assert.Equal(w, average, 1e-12);
            if (step <= 3 || (step - 3) % 2 != 0) continue;
            (sum, count) = (sum + w, count + 1);
            Assert.Equal(sum / count, average, 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    [Trait("row", "S0-13")]
    public void One_axis_parameters_decay_only_when_asked(string backend)
    {
        foreach (var decays in (bool[])[false, true])
        {
            var options = new TrainingGraphOptions { Optimizer = new SgdOptions { Momentum = 0, WeightDecay = 0.5, Decay1d = decays } };
            using var problem = new UpdateProblem(backend, options, rate: 0.1) { HasGradient = false };
            problem.Step();
            foreach (var name in UpdateProblem.Names)
            {
                var factor = name != "w1.bias" || decays ? 0.95 : 1;
                problem.AssertNear(name, [.. UpdateProblem.Initial(name).Select(w => factor * w)]);
            }
        }
    }
}
