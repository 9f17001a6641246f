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

    /// <summary>Whether a case has a gradient to run on a backend. Those of sums of products are cases of their own, and at real size only that.</summary>
    public static bool Covers(OpCase @case) =>
        @case.NotDifferentiable is null && !(@case.RealSize && SampledOracle.Has(@case.Op)) && Form.Of(@case).HasGradients;

    /// <summary>Runs the gradient graph of a case that <see cref="Covers"/> on a backend and compares it with the oracle's.</summary>
    /// <exception cref="ConformanceException">They differ, or the case has no gradient.</exception>
    public static void OnBackend(IBackend backend, OpCase @case, DType precision = DType.Float32)
    {
        var form = Form.Of(@case.In(precision));
        if (!form.HasGradients) throw new ConformanceException($"{@case}: there is no gradient to compare; wanted a case that is covered");
        var graph = new Passes.PassDriver().Run(form.GradientsOnly(), new Passes.EliminateDeadNodes());
        // Gradients sum where the operation itself only moves elements, and pass more than one node.
        var tolerance = Math.Max(Math.Max(2 * @case.Tolerance.For(precision), Tolerance.Rounding.For(precision)), Conformance.Tolerance.Sums.For(precision));
        ResultCheck.Against(backend, graph, form.Inputs, $"{@case} (gradient)", tolerance);
    }

    /// <summary>Builds the gradient graph of a case in a precision and verifies its types and shapes.</summary>
    /// <exception cref="ConformanceException">A gradient has another shape than what it is the gradient of, or is no fraction.</exception>
    /// <exception cref="ShapeException">Types or shapes of a node do not fit.</exception>
    public static void Types(OpCase @case, DType precision)
    {
        var form = Form.Of(@case.In(precision));
        Verifier.Verify(form.Graph);
        foreach (var (input, gradient) in form.Graph.Outputs.Where(output => output.Name != "loss"))
        {
            var wanted = form.Graph.Variable(input).Shape;
            if (gradient.Shape != wanted || !gradient.Type.DType.IsFloat)
                throw new ConformanceException($"{@case} in {precision.ShortName}: the gradient of {input} is {gradient.Type}; wanted fractions {wanted}");
        }
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
        private readonly List<OpInput> _weights = [];

        private Form(OpCase @case)
        {
            _case = @case;
            var node = @case.Build();
            Graph = node.Graph;
            var results = @case.DifferentiableResults ?? node.Results.Count;
            var loss = Graph.Constant(0f);
            for (var i = 0; i < results; i++)
            {
                var weight = OpInput.Of(node.Results[i].Shape.ToArray());
                var r = Graph.Input($"x{@case.Inputs.Count + i}", weight.Type);
                _weights.Add(weight);
                loss = loss.Plus(node.Results[i].Cast(DType.Float32).Times(r).Sum());
            }

            _loss = loss;
            AddGradients();
        }

        internal Graph Graph { get; }

        internal bool HasGradients => _gradients.Count > 0;

        internal HostTensor[] Inputs => field ??= [.. _case.Fill(), .. _weights.Select((weight, i) => weight.Make(Stream(100 + i)))];

        internal Dictionary<string, OracleTensor> Exact => field ??= Inputs.Select(OracleTensor.From).Index().ToDictionary(x => $"x{x.Index}", x => x.Item);

        internal Dictionary<string, OracleTensor> Direction => field ??= Moving().Index().ToDictionary(
            x => $"x{x.Item}", x => OracleTensor.From(OpInput.Of(_case.Inputs[x.Item].Type.Shape.ToArray()).Make(Stream(200 + x.Index))));

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
            var moving = Moving();
            var gradients = Autodiff.Gradients(_loss, [.. moving.Select(i => Graph.Variable($"x{i}"))]);
            Graph.Output("loss", _loss);
            for (var i = 0; i < gradients.Length; i++)
            {
                if (gradients[i] is not { } gradient) continue;
                _gradients.Add(($"x{moving[i]}", gradient));
                Graph.Output($"x{moving[i]}", gradient);
            }
        }

        /// <summary>The inputs that a gradient is taken of.</summary>
        private List<int> Moving() =>
            [.. Enumerable.Range(0, _case.Inputs.Count).Where(i => _case.Inputs[i].Type.DType.IsFloat && !_case.Inputs[i].Fixed)];

        private ulong Stream(int number) => Philox.Stream(Philox.Hash(_case.Name), (ulong)number);

        private static OracleTensor Moved(OracleTensor x, OracleTensor direction, double distance)
        {
            var moved = new OracleTensor(x.Shape);
            for (var i = 0; i < moved.Elements.Length; i++) moved[i] = x[i] + (distance * direction[i]);
            return moved;
        }
    }
}
