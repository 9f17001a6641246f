using System.Text.Json;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Optimizers;
using Fovea.Training.Steps;

namespace Fovea.Training.Parity;

/// <summary>The problem of <c>optimizers.json</c>: gradients a·(p − c) + 0.3·cos 3p, given from outside to a graph that holds the updates alone.</summary>
internal sealed class OptimizerProblem : IDisposable
{
    private readonly JsonElement _definition;
    private readonly ISession _session;
    private readonly IExecutable _plan;
    private readonly Graph _graph = new("updates");
    private readonly StepGraph _step;
    private readonly double _rate;

    /// <summary>Compiles the updates and writes the weights that the problem begins with; averages, where there are any, begin as they do.</summary>
    /// <param name="backend">What computes them.</param>
    /// <param name="definition">The problem: shapes, initial, target_c, curvature_a of each parameter.</param>
    /// <param name="options">Rule, clipping, averages.</param>
    /// <param name="rate">The learning rate of steps.</param>
    internal OptimizerProblem(IBackend backend, JsonElement definition, TrainingGraphOptions options, double rate)
    {
        (_definition, _rate, _session) = (definition, rate, backend.Open());
        Names = [.. definition.GetProperty("initial").EnumerateObject().Select(entry => entry.Name)];
        var gradients = new List<ParameterGradient>();
        foreach (var name in Names)
        {
            var shape = new Shape(definition.GetProperty("shapes").Integers(name));
            gradients.Add(new(_graph.Parameter(name, shape, Initializer.Zeros), _graph.Input(GradientOf(name), new TensorType(DType.Float32, shape))));
        }

        var updates = new Updates(_graph, options, gradientScale: null);
        updates.Apply(GradientPhases.Follow(options.Optimizer.Around, gradients, At));
        _step = new(_graph, updates.Numbers);
        _plan = _session.Compile(_graph);
        foreach (var (parameter, _) in gradients)
        {
            var name = parameter.Variable!.Label;
            var initial = HostTensor.Of(parameter.Shape, [.. Known("initial", name).Select(x => (float)x)]);
            _session.Write(name, initial);
            if (options.Average is not null) _session.Write(SlotNames.Average + name, initial);
        }
    }

    /// <summary>The parameters.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>The steps so far.</summary>
    internal int Steps { get; private set; }

    /// <summary>The norm of the last gradient before clipping, where the options ask for it.</summary>
    internal double GradientNorm => _plan.Result(TrainingGraph.GradientNorm)[0];

    /// <summary>The loss at the present weights, in double.</summary>
    internal double Loss => Names.Sum(name =>
    {
        var (a, c) = (Known("curvature_a", name), Known("target_c", name));
        return Read(name).Select((p, i) => (0.5 * a[i] * Math.Pow(p - c[i], 2)) + (0.1 * Math.Sin(3.0 * p))).Sum();
    });

    /// <summary>Makes a step.</summary>
    /// <param name="hasGradient">Whether with the problem's gradient, and not with none.</param>
    /// <param name="rate">The learning rate of this step alone; null for the usual one.</param>
    internal void Step(bool hasGradient = true, double? rate = null)
    {
        foreach (var name in Names)
        {
            var gradient = GradientAt(_definition, name, [.. Read(name).Select(x => (double)x)]);
            for (var i = 0; i < gradient.Length; i++) _plan.Floats(GradientOf(name))[i] = hasGradient ? (float)gradient[i] : 0;
        }

        _step.Feed(_plan, new(Steps + 1, rate ?? _rate));
        _plan.Run();
        Steps++;
    }

    /// <summary>The gradient of a problem in double.</summary>
    internal static double[] GradientAt(JsonElement definition, string name, double[] p)
    {
        var (a, c) = (definition.GetProperty("curvature_a").Numbers(name), definition.GetProperty("target_c").Numbers(name));
        return [.. p.Select((x, i) => (a[i] * (x - c[i])) + (0.3 * Math.Cos(3 * x)))];
    }

    /// <summary>What the problem says of a parameter.</summary>
    internal double[] Known(string entry, string name) => _definition.GetProperty(entry).Numbers(name);

    /// <summary>A parameter, or a slot.</summary>
    internal float[] Read(string name) => _session.Read(name).Floats.ToArray();

    public void Dispose()
    {
        _plan.Dispose();
        _session.Dispose();
    }

    private static string GradientOf(string name) => $"gradient of {name}";

    /// <summary>The gradients of the problem at other weights: cos 3p = 4·cos³p − 3·cos p, with the series of cos p.</summary>
    private Value[] At(IReadOnlyList<Value> places)
    {
        return [.. places.Select((p, i) => Of(Names[i], p))];

        Value Of(string name, Value p)
        {
            var cos = Series(p.Square());
            Value Constant(string entry) => _graph.Constant(HostTensor.Of(p.Shape, [.. Known(entry, name).Select(x => (float)x)]));
            return Constant("curvature_a").Times(p.Minus(Constant("target_c"))).Plus(cos.Square().Times(cos).Times(1.2)).Minus(cos.Times(0.9));
        }

        Value Series(Value square)
        {
            var sum = square.Affine(0, 1);
            for (var k = 20; k > 0; k -= 2) sum = sum.Times(square).Affine(-1.0 / (k * (k - 1)), 1);
            return sum;
        }
    }
}
