using System.Text.Json;
using Fovea.Backends.OneDnn;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Optimizers;
using Fovea.Training.Steps;

namespace Fovea.Training.Tests.Steps;

/// <summary>The fixture's problem: gradients a·(p − c) + 0.3·cos 3p, given from outside to a graph that holds nothing but the updates.</summary>
internal sealed class UpdateProblem : IDisposable
{
    /// <summary>The fixture is of float64; here weights and slots are float32 between steps.</summary>
    private const double Tolerance = 2e-6;

    private static JsonElement Definition => Fixture.GetProperty("problem");

    private readonly ISession _session;
    private readonly IExecutable _plan;
    private readonly Graph _graph = new("updates");
    private readonly StepGraph _step;
    private readonly double _rate;
    private int _steps;

    internal UpdateProblem(string backend, TrainingGraphOptions options, double rate)
    {
        _session = Backends[backend].Open();
        _rate = rate;
        var gradients = new List<ParameterGradient>();
        foreach (var name in Names)
        {
            var shape = new Shape([.. Definition.GetProperty("shapes").GetProperty(name).EnumerateArray().Select(extent => extent.GetInt32())]);
            gradients.Add(new(_graph.Parameter(name, shape, Initializer.Zeros), _graph.Input($"gradient of {name}", new TensorType(DType.Float32, shape))));
        }

        var updates = new Updates(_graph, options, gradientScale: null);
        updates.Apply(GradientPhases.Follow(options.Optimizer, gradients, At));
        _step = new(_graph, updates.Numbers);
        _plan = _session.Compile(_graph);
        foreach (var (parameter, _) in gradients)
        {
            var name = parameter.Variable!.Label;
            var initial = HostTensor.Of(parameter.Shape, [.. Definition.GetProperty("initial").GetProperty(name).Numbers().Select(x => (float)x)]);
            _session.Write(name, initial);
            if (options.Average is not null) _session.Write(SlotNames.Average + name, initial);
        }
    }

    internal static JsonElement Fixture { get; } = Fixtures.Read("optimizers.json");

    internal static IReadOnlyDictionary<string, IBackend> Backends { get; } = new Dictionary<string, IBackend>
    {
        ["reference"] = new ReferenceBackend(), ["onednn"] = new OneDnnBackend(new OneDnnOptions { Guard = true }),
    };

    internal static IReadOnlyList<string> Names { get; } = ["w1.weight", "w1.bias", "w2.weight"];

    internal bool HasGradient { get; init; } = true;

    internal double GradientNorm => _plan.Result(TrainingGraph.GradientNorm)[0];

    internal void Step(double? rate = null)
    {
        foreach (var name in Names) Gradient(name).CopyTo(_plan.Floats($"gradient of {name}"));
        _step.Feed(_plan, new(_steps + 1, rate ?? _rate));
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

    /// <summary>Asserts that the first step of SGD at rate 1 took away these gradients.</summary>
    internal void AssertSteppedBy(JsonElement gradients)
    {
        foreach (var name in Names) AssertNear(name, [.. Initial(name).Zip(gradients.GetProperty(name).Numbers(), (w, g) => w - g)]);
    }

    internal float[] Read(string name) => _session.Read(name).Floats.ToArray();

    internal static double[] Initial(string name) => Definition.GetProperty("initial").GetProperty(name).Numbers();

    public void Dispose()
    {
        _plan.Dispose();
        _session.Dispose();
    }

    /// <summary>The gradients of the problem at other weights: cos 3p = 4·cos³p − 3·cos p, with the series of cos p.</summary>
    private Value[] At(IReadOnlyList<Value> places)
    {
        return [.. places.Select((p, i) => Of(Names[i], p))];

        Value Of(string name, Value p)
        {
            var cos = Series(p.Square());
            Value Known(string entry) =>
                _graph.Constant(HostTensor.Of(p.Shape, [.. Definition.GetProperty(entry).GetProperty(name).Numbers().Select(x => (float)x)]));
            return Known("curvature_a").Times(p.Minus(Known("target_c"))).Plus(cos.Square().Times(cos).Times(1.2)).Minus(cos.Times(0.9));
        }

        Value Series(Value square)
        {
            var sum = square.Affine(0, 1);
            for (var k = 20; k > 0; k -= 2) sum = sum.Times(square).Affine(-1.0 / (k * (k - 1)), 1);
            return sum;
        }
    }

    /// <summary>The gradient of the problem in double.</summary>
    internal static double[] GradientAt(string name, double[] p)
    {
        var (a, c) = (Definition.GetProperty("curvature_a").GetProperty(name).Numbers(), Definition.GetProperty("target_c").GetProperty(name).Numbers());
        return [.. p.Select((x, i) => (a[i] * (x - c[i])) + (0.3 * Math.Cos(3 * x)))];
    }

    private float[] Gradient(string name) =>
        [.. GradientAt(name, [.. Read(name).Select(x => (double)x)]).Select(g => HasGradient ? (float)g : 0)];
}
