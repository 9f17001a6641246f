using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Quantization;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Quantization;

/// <summary>What of a graph is held as integers, and what becomes of it.</summary>
public sealed class QuantizationTests
{
    [Fact]
    public void Integers_hold_what_they_can_to_half_a_step_and_zero_exactly()
    {
        var held = TensorQuantization.Asymmetric(-0.7, 2.1);
        float[] numbers = [-0.7f, -0.3f, 0, 0.01f, 1.999f, 2.1f];
        var back = held.Fractions(held.Integers(HostTensor.Of(new Shape(6), numbers))).Floats.ToArray();
        Assert.Equal(0, back[2]);
        Assert.All(numbers.Zip(back), pair => Assert.Equal(pair.First, pair.Second, (held.Scales[0] / 2) + 1e-6f));
        Assert.Equal([held.Op.Low, held.Op.High], held.Integers(HostTensor.Of(new Shape(2), [-9, 9])).Bytes.ToArray().Select(one => (int)one));
        Assert.Equal((128, 0), (TensorQuantization.Symmetric(-1, 3).Zeros[0], TensorQuantization.Symmetric(0, 3).Zeros[0]));
    }

    [Fact]
    public void Weights_have_a_scale_for_each_filter()
    {
        var held = TensorQuantization.OfWeights([1, 0, 4], 127, axis: 0);
        var integers = held.Integers(HostTensor.Of(new Shape(3, 2), [1, -0.5f, 0, 0, 4, -4]));
        Assert.Equal([127, -64, 0, 0, 127, -127], OracleTensor.From(integers).Elements);
        Assert.Equal(DType.Int8, integers.Type.DType);
    }

    [Fact]
    public void Convolutions_their_inputs_and_the_residual_of_a_stored_sum_are_held()
    {
        var points = QuantizationPoints.Of(Residual());
        Assert.Equal(["a.weight", "b.weight", "c.weight"], points.Products.Select(product => product.Name));
        Assert.Equal(["input", "a/relu", "b/relu"], points.Activations.Select(point => point.Name));
        Assert.Equal(["input", "a/relu"], QuantizationPoints.Of(Residual(), weight => weight == "c.weight").Activations.Select(point => point.Name));
    }

    [Fact]
    public void Integers_and_what_simulates_them_compute_the_same()
    {
        var graph = Residual();
        var weights = graph.Variables.ToDictionary(value => value.Variable!.Label, value => Filled(value), StringComparer.Ordinal);
        var scheme = Scheme(graph, weights);
        var (held, simulated) = (new PassDriver().Run(graph, new HoldIntegers(scheme)), new SimulateIntegers(scheme).Apply(graph));
        var integers = scheme.Apply(weights);
        Assert.Equal(DType.Int8, held.Variable("b.weight").Type.DType);
        var wanted = Interpreter.Run(simulated, variable => OracleTensor.From(weights[variable.Label]))[simulated.Output("y")];
        var found = Interpreter.Run(held, variable => OracleTensor.From(integers[variable.Label]))[held.Output("y")];
        for (var i = 0; i < wanted.Elements.Length; i++) Assert.Equal(wanted[i], found[i], 1e-6);
        var exact = Interpreter.Run(graph, variable => OracleTensor.From(weights[variable.Label]))[graph.Output("y")];
        var (error, size) = (exact.Elements.Zip(found.Elements, (a, b) => (a - b) * (a - b)).Sum(), exact.Elements.Sum(a => a * a));
        Assert.InRange(error / size, 1e-9, 1e-3);
    }

    [Fact]
    public void A_graph_of_integers_is_printed_and_read()
    {
        var graph = Residual();
        var held = new HoldIntegers(Scheme(graph, graph.Variables.ToDictionary(value => value.Variable!.Label, value => Filled(value)))).Apply(graph);
        var text = GraphPrinter.Print(held);
        Assert.Contains("{type=u8 low=0 high=255 axis=0} : u8[1, 8, 6, 6]", text, StringComparison.Ordinal);
        Assert.Equal(text, GraphPrinter.Print(GraphParser.Parse(text)));
    }

    [Fact]
    public void What_simulates_integers_has_the_gradients_of_learned_steps()
    {
        // y = s · clip(round(x / s), -2, 1): inside, dx = 1 and ds = round(x / s) − x / s; outside, dx = 0 and ds = the bound.
        var graph = new Graph("g");
        var (x, s) = (graph.Input("x", TensorType.F32(4)), graph.Parameter("s", Shape.Scalar, Initializer.Ones));
        var y = x.Over(s).Round().Clip(-2, 1).Times(s);
        var gradients = Autodiff.Gradients(y.Sum(), [x, s]);
        graph.Output("dx", gradients[0]!);
        graph.Output("ds", gradients[1]!);
        float[] numbers = [-5, -0.7f, 0.2f, 0.9f];
        var found = Interpreter.Run(graph, variable => OracleTensor.From(variable.Label == "x" ? HostTensor.Of(new Shape(4), numbers) : HostTensor.Filled(Shape.Scalar, 0.5f)));
        Assert.Equal([0, 1, 1, 0], found[graph.Output("dx")].Elements);
        Assert.Equal(-2 + (-1 + 1.4) + (0 - 0.4) + 1, found[graph.Output("ds")].Scalar, 1e-6);
    }

    /// <summary>Three convolutions with biases, the second with the first's result added, the third of a kind that ends in fractions.</summary>
    private static Graph Residual()
    {
        var graph = new Graph("net");
        var x = graph.Input("input", TensorType.F32(1, 3, 6, 6));
        var a = Conv(x, "a", 8).Relu();
        var b = Conv(a, "b", 8).Plus(a).Relu();
        graph.Output("y", Conv(b, "c", 4));
        return graph;
    }

    private static Value Conv(Value x, string name, int filters)
    {
        var weight = x.Graph.Parameter($"{name}.weight", new Shape(filters, x.Shape.C, 3, 3), new Initializer.Normal(0.3));
        return x.Conv2d(weight, Window2d.Of(1, 1)).Plus(x.Graph.Parameter($"{name}.bias", new Shape(filters), new Initializer.Normal(0.1)).Reshape(new Shape(1, filters, 1, 1)));
    }

    private static HostTensor Filled(Value variable) => new Initializer.Normal(0.3).Make(variable.Shape, variable.Variable!.Label, 3);

    private static QuantizationScheme Scheme(Graph graph, Dictionary<string, HostTensor> weights)
    {
        var points = QuantizationPoints.Of(graph);
        var probed = new Remap(graph);
        foreach (var node in graph.Nodes) probed.Copy(node);
        foreach (var point in points.Activations) probed.Graph.Output(point.Name, probed[point.Value]);
        var all = Interpreter.Run(probed.Graph, variable => OracleTensor.From(weights[variable.Label]));
        return new(
            points.Activations.ToDictionary(
                point => point.Name, point => TensorQuantization.Asymmetric(all[probed[point.Value]].Elements.Min(), all[probed[point.Value]].Elements.Max())),
            points.Products.ToDictionary(
                product => product.Name, product => TensorQuantization.OfWeights(
                    [.. weights[product.Name].Floats.ToArray().Chunk(weights[product.Name].Floats.Length / product.Node.Inputs[1].Shape[0])
                        .Select(filter => (double)filter.Max(Math.Abs))], 127, axis: 0)));
    }
}
