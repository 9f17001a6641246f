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
    private readonly IReadOnlyList<ProblemParameter> _parameters;
    private readonly ISession _session;
    private readonly IExecutable _plan;
    private readonly Graph _graph = new("updates");
    private readonly StepGraph _step;
    private readonly double _rate;

    /// <summary>Compiles the updates and writes the weights that the problem begins with; averages, where there are any, begin as they do.</summary>
    /// <param name="backend">What computes them.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">Rule, clipping, averages.</param>
    /// <param name="rate">The learning rate of steps.</param>
    internal OptimizerProblem(IBackend backend, IReadOnlyList<ProblemParameter> parameters, TrainingGraphOptions options, double rate)
    {
        (_parameters, _rate, _session) = (parameters, rate, backend.Open());
        ParameterGradient[] gradients =
        [
            .. parameters.Select(one => new ParameterGradient(
                _graph.Parameter(one.Name, one.Shape, Initializer.Zeros), _graph.Input(GradientOf(one.Name), new TensorType(DType.Float32, one.Shape)))),
        ];
        var updates = new Updates(_graph, options, gradientScale: null);
        updates.Apply(GradientPhases.Follow(options.Optimizer.Around, gradients, At));
        _step = new(_graph, updates.Numbers);
        _plan = _session.Compile(_graph);
        foreach (var one in parameters)
        {
            var initial = Tensor(one, one.Initial);
            _session.Write(one.Name, initial);
            if (options.Average is not null) _session.Write(SlotNames.Average + one.Name, initial);
        }
    }

    /// <summary>The steps so far.</summary>
    internal int Steps { get; private set; }

    /// <summary>The norm of the last gradient before clipping, where the options ask for it.</summary>
    internal double GradientNorm => _plan.Result(TrainingGraph.GradientNorm)[0];

    /// <summary>The loss at the present weights, in double.</summary>
    internal double Loss => _parameters.Sum(one => one.LossAt(Read(one.Name)));

    /// <summary>Makes a step.</summary>
    /// <param name="hasGradient">Whether with the problem's gradient, and not with none.</param>
    /// <param name="rate">The learning rate of this step alone; null for the usual one.</param>
    internal void Step(bool hasGradient = true, double? rate = null)
    {
        foreach (var one in _parameters)
        {
            var gradient = one.GradientAt([.. Read(one.Name).Select(x => (double)x)]);
            for (var i = 0; i < gradient.Length; i++) _plan.Floats(GradientOf(one.Name))[i] = hasGradient ? (float)gradient[i] : 0;
        }

        _step.Feed(_plan, new(Steps + 1, rate ?? _rate));
        _plan.Run();
        Steps++;
    }

    /// <summary>A parameter, or a slot.</summary>
    internal float[] Read(string name) => _session.Read(name).Floats.ToArray();

    public void Dispose()
    {
        _plan.Dispose();
        _session.Dispose();
    }

    private static HostTensor Tensor(ProblemParameter one, double[] numbers) => HostTensor.Of(one.Shape, [.. numbers.Select(x => (float)x)]);

    private static string GradientOf(string name) => $"gradient of {name}";

    /// <summary>The gradients of the problem at other weights: cos 3p = 4·cos³p − 3·cos p, with the series of cos p.</summary>
    private Value[] At(IReadOnlyList<Value> places)
    {
        return [.. places.Select((p, i) => Of(_parameters[i], p))];

        Value Of(ProblemParameter one, Value p)
        {
            var cos = Series(p.Square());
            Value Constant(double[] numbers) => _graph.Constant(Tensor(one, numbers));
            return Constant(one.Curvature).Times(p.Minus(Constant(one.Target))).Plus(cos.Square().Times(cos).Times(1.2)).Minus(cos.Times(0.9));
        }

        Value Series(Value square)
        {
            var sum = square.Affine(0, 1);
            for (var k = 20; k > 0; k -= 2) sum = sum.Times(square).Affine(-1.0 / (k * (k - 1)), 1);
            return sum;
        }
    }
}
