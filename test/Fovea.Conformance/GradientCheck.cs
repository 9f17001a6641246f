using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Conformance;

/// <summary>Mode «gradient»: the graph that autodiff makes, against differences on the oracle and on a backend.</summary>
public static class GradientCheck
{
    private const double Step = 1e-4;
    private const double Agreement = 1e-6;

    /// <summary>Compares the gradient that autodiff makes with a central difference in one random direction, on the oracle.</summary>
    /// <remarks>The function is a random weighting of all differentiable results, so that each takes part.</remarks>
    /// <exception cref="ConformanceException">They differ, or the operation has a gradient though its case says that it has none.</exception>
    public static void OnOracle(OpCase @case)
    {
        if (@case.NotDifferentiable is not null)
        {
            MustRefuse(@case);
            return;
        }

        var form = Form.Of(@case);
        var gradients = Interpreter.Run(form.Graph, variable => form.Exact[variable.Label]);
        var (directional, size) = (0.0, 0.0);
        foreach (var (output, value) in form.Graph.Outputs.Where(output => output.Name != "loss"))
        {
            var (g, direction) = (gradients[value], form.Direction[output]);
            if (g.Shape != direction.Shape) throw new ConformanceException($"{@case}: the gradient of {output} is {g.Shape}; wanted {direction.Shape}");
            for (var i = 0; i < g.Elements.Length; i++)
            {
                directional += g[i] * direction[i];
                size += Math.Abs(g[i] * direction[i]);
            }
        }

        var difference = (form.Loss(Step) - form.Loss(-Step)) / (2 * Step);
        if (!(Math.Abs(difference - directional) <= Agreement * (size + Math.Abs(difference) + 1e-3)))
            throw new ConformanceException($"{@case}: the gradient along a random direction is {directional:G9}; the central difference is {difference:G9}");
    }

    /// <summary>Runs the gradient graph of a case on a backend and compares it with the oracle's. A case without gradient is left out.</summary>
    /// <exception cref="ConformanceException">They differ.</exception>
    public static void OnBackend(IBackend backend, OpCase @case, DType precision = DType.Float32)
    {
        if (@case.NotDifferentiable is not null) return;
        var form = Form.Of(@case.In(precision));
        var graph = new Passes.PassDriver().Run(form.GradientsOnly(), new Passes.EliminateDeadNodes());
        // Gradients sum where the operation itself only moves elements, and pass more than one node.
        var tolerance = Math.Max(Math.Max(2 * @case.Tolerance.For(precision), Tolerance.Rounding.For(precision)), Conformance.Tolerance.Sums.For(precision));
        if (graph.Outputs.Count > 0) ResultCheck.Against(backend, graph, form.Inputs, $"{@case} (gradient)", tolerance);
    }

    private static void MustRefuse(OpCase @case)
    {
        var node = @case.Build();
        try
        {
            node.Op.Gradient(node, [.. node.Results.Select(result => (Value?)result)]);
        }
        catch (NotDifferentiableException)
        {
            return;
        }

        throw new ConformanceException($"{@case}: the operation has a gradient now; the case says «{@case.NotDifferentiable}»");
    }

    /// <summary>A case, its weighted sum and the gradient of that. Inputs are x0, x1, …; the weights of the results follow them.</summary>
    private sealed class Form
    {
        private readonly OpCase _case;
        private readonly Value _loss;
        private readonly List<(string Input, Value Gradient)> _gradients = [];

        private Form(OpCase @case)
        {
            _case = @case;
            var node = @case.Build();
            Graph = node.Graph;
            List<HostTensor> inputs = [.. @case.Fill()];
            var results = @case.DifferentiableResults ?? node.Results.Count;
            var loss = Graph.Constant(0f);
            for (var i = 0; i < results; i++)
            {
                var weight = OpInput.Of(node.Results[i].Shape.ToArray());
                inputs.Add(weight.Make(Philox.Stream(Initializer.Fnv1a(@case.Name), (ulong)(100 + i))));
                var r = Graph.Input($"x{inputs.Count - 1}", weight.Type);
                loss = loss.Plus(node.Results[i].Cast(DType.Float32).Times(r).Sum());
            }

            (_loss, Inputs) = (loss, [.. inputs]);
            for (var i = 0; i < inputs.Count; i++) Exact[$"x{i}"] = OracleTensor.From(inputs[i]);
            AddGradients();
        }

        internal Graph Graph { get; }

        internal HostTensor[] Inputs { get; }

        internal Dictionary<string, OracleTensor> Exact { get; } = [];

        internal Dictionary<string, OracleTensor> Direction { get; } = [];

        internal static Form Of(OpCase @case) => new(@case);

        /// <summary>The function, at a distance along the direction.</summary>
        internal double Loss(double distance)
        {
            var values = Interpreter.Run(Graph, variable => Direction.TryGetValue(variable.Label, out var direction)
                ? Moved(Exact[variable.Label], direction, distance)
                : Exact[variable.Label]);
            return values[_loss].Scalar;
        }

        /// <summary>The same graph with the gradients, but not the function, as outputs.</summary>
        internal Graph GradientsOnly()
        {
            var copy = new Passes.Remap(Graph);
            foreach (var node in Graph.Nodes) copy.Copy(node);
            foreach (var (input, gradient) in _gradients) copy.Graph.Output(input, copy[gradient]);
            return copy.Graph;
        }

        private void AddGradients()
        {
            var moving = new List<int>();
            for (var i = 0; i < _case.Inputs.Count; i++)
                if (_case.Inputs[i].Type.DType.IsFloat && !_case.Inputs[i].Fixed) moving.Add(i);
            var gradients = Autodiff.Gradients(_loss, [.. moving.Select(i => Graph.Variable($"x{i}"))]);
            Graph.Output("loss", _loss);
            for (var i = 0; i < gradients.Length; i++)
            {
                var name = $"x{moving[i]}";
                var direction = OpInput.Of(Exact[name].Shape.ToArray());
                Direction[name] = OracleTensor.From(direction.Make(Philox.Stream(Initializer.Fnv1a(_case.Name), (ulong)(200 + i))));
                if (gradients[i] is not { } gradient) continue;
                _gradients.Add((name, gradient));
                Graph.Output(name, gradient);
            }
        }

        private static OracleTensor Moved(OracleTensor x, OracleTensor direction, double distance)
        {
            var moved = new OracleTensor(x.Shape);
            for (var i = 0; i < moved.Elements.Length; i++) moved[i] = x[i] + (distance * direction[i]);
            return moved;
        }
    }
}
