using System.Text.Json;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Tensors;
using Fovea.Training.Recipes;
using Fovea.Training.Steps;

namespace Fovea.Training.Tests.Steps;

public class OptimizerTests
{
    /// <summary>The fixture is of float64; here weights and moments are float32 between steps.</summary>
    private const double Tolerance = 2e-6;

    private static readonly JsonElement s_fixture = Fixtures.Read("optimizers.json");
    private static readonly JsonElement s_problem = s_fixture.GetProperty("problem");

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_fixture.GetProperty("cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Updates_are_those_of_PyTorch(int index)
    {
        var entry = s_fixture.GetProperty("cases")[index];
        var options = new TrainingGraphOptions { Optimizer = Options(entry) };
        using var problem = new Problem(options, entry.GetProperty("params").GetProperty("lr").GetDouble());
        foreach (var expected in entry.GetProperty("params_after").EnumerateArray())
        {
            problem.Step();
            problem.AssertNear(expected, prefix: "");
        }
    }

    [Fact]
    public void Averages_are_those_of_timm_when_the_share_is_fixed()
    {
        var ema = s_fixture.GetProperty("ema");
        var entry = s_fixture.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "sgd_momentum");
        var options = new TrainingGraphOptions { Optimizer = Options(entry), Average = true };
        var rate = entry.GetProperty("params").GetProperty("lr").GetDouble();
        using var problem = new Problem(options, rate) { AverageDecay = ema.GetProperty("decay").GetDouble() };
        foreach (var expected in ema.GetProperty("ema_after").EnumerateArray())
        {
            problem.Step();
            problem.AssertNear(expected, SlotNames.Average);
        }
    }

    [Fact]
    public void A_long_gradient_is_cut_to_the_norm_that_is_allowed()
    {
        var clip = s_fixture.GetProperty("clip").GetProperty("by_norm");
        var options = new TrainingGraphOptions
        {
            Optimizer = new SgdOptions { Momentum = 0, WeightDecay = 0 }, ClipGradientNorm = clip.GetProperty("max_norm").GetDouble(), GradientNorm = true,
        };
        using var problem = new Problem(options, rate: 1);
        problem.Step();
        Assert.Equal(clip.GetProperty("total_norm_before").GetDouble(), problem.GradientNorm, 1e-5);
        foreach (var (name, gradient) in clip.GetProperty("grads_after").EnumerateObject().Select(entry => (entry.Name, entry.Value.Numbers())))
        {
            var initial = s_problem.GetProperty("initial").GetProperty(name).Numbers();
            problem.AssertNear(name, [.. initial.Zip(gradient, (w, g) => w - g)]);
        }
    }

    [Fact]
    public void One_axis_parameters_decay_only_when_asked()
    {
        foreach (var decays in (bool[])[false, true])
        {
            var options = new TrainingGraphOptions { Optimizer = new SgdOptions { Momentum = 0, WeightDecay = 0.5, Decay1d = decays } };
            using var problem = new Problem(options, rate: 0.1) { HasGradient = false };
            problem.Step();
            foreach (var name in Problem.Names)
            {
                var factor = name != "w1.bias" || decays ? 0.95 : 1;
                problem.AssertNear(name, [.. s_problem.GetProperty("initial").GetProperty(name).Numbers().Select(w => factor * w)]);
            }
        }
    }

    private static OptimizerOptions Options(JsonElement entry)
    {
        var p = entry.GetProperty("params");
        var decay = p.GetProperty("weight_decay").GetDouble();
        return entry.GetProperty("name").GetString() switch
        {
            "adamw" when p.GetProperty("betas").Numbers() is [var beta1, var beta2] =>
                new AdamWOptions { WeightDecay = decay, Beta1 = beta1, Beta2 = beta2, Epsilon = p.GetProperty("eps").GetDouble() },
            var name => new SgdOptions { WeightDecay = decay, Momentum = p.Number("momentum", 0), Nesterov = name == "sgd_nesterov" },
        };
    }

    /// <summary>The fixture's problem: gradients a·(p − c) + 0.3·cos 3p, given from outside to a graph that holds nothing but the updates.</summary>
    private sealed class Problem : IDisposable
    {
        private readonly ISession _session = new ReferenceBackend().Open();
        private readonly IExecutable _plan;
        private readonly Graph _graph = new("updates");
        private readonly double _rate;
        private int _steps;

        internal Problem(TrainingGraphOptions options, double rate)
        {
            _rate = rate;
            var gradients = new List<(Value Parameter, Value Gradient)>();
            foreach (var name in Names)
            {
                var shape = new Shape([.. s_problem.GetProperty("shapes").GetProperty(name).EnumerateArray().Select(extent => extent.GetInt32())]);
                gradients.Add((_graph.Parameter(name, shape, Initializer.Zeros), _graph.Input($"gradient of {name}", new TensorType(DType.Float32, shape))));
            }

            new Updates(_graph, options, gradientScale: null).Apply(gradients);
            _plan = _session.Compile(_graph);
            foreach (var (parameter, _) in gradients)
            {
                var name = parameter.Variable!.Label;
                var initial = HostTensor.Of(parameter.Shape, [.. s_problem.GetProperty("initial").GetProperty(name).Numbers().Select(x => (float)x)]);
                _session.Write(name, initial);
                if (options.Average) _session.Write(SlotNames.Average + name, initial);
            }
        }

        internal static IReadOnlyList<string> Names { get; } = ["w1.weight", "w1.bias", "w2.weight"];

        internal double AverageDecay { get; init; }

        internal bool HasGradient { get; init; } = true;

        internal double GradientNorm => _plan.Result(TrainingGraph.GradientNorm)[0];

        internal void Step()
        {
            foreach (var name in Names) Gradient(name).CopyTo(_plan.Floats($"gradient of {name}"));
            _plan.Floats(TrainingGraph.LearningRate)[0] = (float)_rate;
            if (_graph.Find(TrainingGraph.Step) is not null) _plan.Ints(TrainingGraph.Step)[0] = _steps + 1;
            if (_graph.Find(TrainingGraph.AverageDecay) is not null) _plan.Floats(TrainingGraph.AverageDecay)[0] = (float)AverageDecay;
            _plan.Run();
            _steps++;
        }

        internal void AssertNear(JsonElement expected, string prefix)
        {
            foreach (var name in Names) AssertNear(name, expected.GetProperty(name).Numbers(), prefix);
        }

        internal void AssertNear(string name, double[] expected, string prefix = "")
        {
            var actual = _session.Read(prefix + name).Floats.ToArray();
            for (var i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - actual[i]) < Tolerance, $"{prefix}{name}[{i}] after step {_steps}: {actual[i]}; wanted {expected[i]}");
        }

        public void Dispose()
        {
            _plan.Dispose();
            _session.Dispose();
        }

        private float[] Gradient(string name)
        {
            var p = _session.Read(name).Floats.ToArray();
            var (a, c) = (s_problem.GetProperty("curvature_a").GetProperty(name).Numbers(), s_problem.GetProperty("target_c").GetProperty(name).Numbers());
            return [.. p.Select((x, i) => HasGradient ? (float)((a[i] * (x - c[i])) + (0.3 * Math.Cos(3 * x))) : 0)];
        }
    }
}
