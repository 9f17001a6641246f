using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Ops;

/// <summary>The oracle itself, against formulas written in another way.</summary>
public class OracleTests
{
    [Fact]
    public void Of_equal_elements_the_first_gets_the_gradient_of_max_pooling()
    {
        var x = new OracleTensor(new Shape(1, 1, 2, 3), [1, 5, 5, 5, 0, 5]);
        var dx = Evaluate(new MaxPoolGradient(2, 2, Window2d.Of()), x, new OracleTensor(new Shape(1, 1, 1, 2), [10, 7]))[0];
        Assert.Equal([0, 17, 0, 0, 0, 0], dx.Elements);
    }

    [Theory]
    [InlineData(true, new[] { 0.25, 0.75, 0.5, 1, 2.5, 1.5, 0.75, 1.75, 1 })]
    [InlineData(false, new double[] { 1, 1.5, 2, 2, 2.5, 3, 3, 3.5, 4 })]
    public void The_mean_counts_padding_or_not(bool counts, double[] wanted)
    {
        var x = new OracleTensor(new Shape(1, 1, 2, 2), [1, 2, 3, 4]);
        Assert.Equal(wanted, Evaluate(new AvgPool(2, 2, Window2d.Of(padding: 1), counts), x)[0].Elements);
    }

    [Theory]
    [InlineData(ResizeMode.Bilinear, false, new[] { 1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4 })]
    [InlineData(
        ResizeMode.Bilinear, true, new[] { 1, 4 / 3.0, 5 / 3.0, 2, 5 / 3.0, 2, 7 / 3.0, 8 / 3.0, 7 / 3.0, 8 / 3.0, 3, 10 / 3.0, 3, 10 / 3.0, 11 / 3.0, 4 })]
    [InlineData(ResizeMode.Nearest, false, new double[] { 1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4 })]
    public void An_image_of_twice_the_size_is_that_of_PyTorch(ResizeMode mode, bool alignCorners, double[] wanted)
    {
        var x = new OracleTensor(new Shape(1, 1, 2, 2), [1, 2, 3, 4]);
        var y = Evaluate(new Resize(4, 4, mode, alignCorners), x)[0];
        for (var i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], y[i], 1e-12);
    }

    /// <summary>Values of Abramowitz and Stegun, and of PyTorch's functions at 1 and −2.</summary>
    [Fact]
    public void Activations_have_their_known_values()
    {
        (Pointwise, double, double)[] known =
        [
            (new Erf(), 0.5, 0.5204998778130465), (new Erf(), -2, -0.9953222650189527), (new Erf(), 3.5, 0.9999992569016276), (new Erf(), 0, 0),
            (new Gelu(), 1, 0.8413447460685429), (new Gelu(), -2, -0.04550026389635842), (new GeluTanh(), 1, 0.8411919906082768),
            (new Silu(), 1, 0.7310585786300049), (new Silu(), -2, -0.2384058440442351), (new Mish(), 1, 0.8650983882673103),
            (new HardSwish(), 1, 2 / 3.0), (new HardSwish(), -2, -1 / 3.0), (new HardSigmoid(), 1, 2 / 3.0), (new HardSigmoid(), -4, 0),
            (new Softplus(), 0, 0.6931471805599453), (new Softplus(), 800, 800), (new LeakyRelu(0.1), -2, -0.2),
        ];
        foreach (var (function, x, y) in known) Assert.Equal(y, function.Function(x), 1e-13);
    }

    [Theory]
    [InlineData(1, new double[] { 4, 1, 2, 3, 8, 5, 6, 7 })]
    [InlineData(-1, new double[] { 2, 3, 4, 1, 6, 7, 8, 5 })]
    [InlineData(6, new double[] { 3, 4, 1, 2, 7, 8, 5, 6 })]
    [InlineData(-4, new double[] { 1, 2, 3, 4, 5, 6, 7, 8 })]
    public void Rolling_shifts_cyclically(int shift, double[] wanted)
    {
        var graph = new Graph("g");
        graph.Output("y", graph.Input("x", TensorType.F32(2, 4)).Roll(-1, shift));
        var values = Interpreter.Run(graph, _ => new OracleTensor(new Shape(2, 4), [1, 2, 3, 4, 5, 6, 7, 8]));
        Assert.Equal(wanted, values[graph.Output("y")].Elements);
    }

    [Fact]
    public void Dropout_keeps_the_fraction_that_it_should_and_scales_it_up()
    {
        var x = new OracleTensor(new Shape(100_000));
        Array.Fill(x.Elements, 3);
        OracleTensor At(int step) => Evaluate(new RandomDropout(0.25, 1, 2), x, new OracleTensor(new Shape(1), [step]))[0];
        var y = At(5).Elements;
        Assert.Equal(0.75, y.Count(element => element != 0) / 100_000.0, 0.005);
        Assert.All(y, element => Assert.True(element is 0 or 4));
        Assert.Equal(y, At(5).Elements);
        Assert.Equal((0.75 * 0.75) + (0.25 * 0.25), y.Zip(At(6).Elements).Count(pair => pair.First == pair.Second) / 100_000.0, 0.005);
    }

    [Fact]
    public void Dropout_draws_as_documented()
    {
        var y = Evaluate(new RandomDropout(0.5, 11, 22), OracleTensor.From(HostTensor.Filled(new Shape(40), 1)), new OracleTensor(new Shape(1), [33]))[0];
        var draws = new Philox(11, Philox.Stream(22, 33));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => draws.Uniform((ulong)i) >= 0.5 ? 2.0 : 0), y.Elements);
    }

    [Fact]
    public void Equal_maxima_share_the_gradient_of_a_reduction_and_the_first_operand_has_that_of_a_pair()
    {
        var graph = new Graph("g");
        var (x, a, b) = (graph.Input("x", TensorType.F32(3)), graph.Input("a", TensorType.F32(3)), graph.Input("b", TensorType.F32(3)));
        var loss = x.Max().Plus(a.Maximum(b).Sum()).Plus(a.Minimum(b).Times(10).Sum());
        var gradients = Autodiff.Gradients(loss, [x, a, b]);
        for (var i = 0; i < 3; i++) graph.Output($"d{i}", gradients[i]!);
        double[][] inputs = [[7, 1, 7], [1, 2, 3], [1, 3, 2]];
        var values = Interpreter.Run(graph, variable => new OracleTensor(new Shape(3), inputs[variable.Label == "x" ? 0 : variable.Label == "a" ? 1 : 2]));
        Assert.Equal([0.5, 0, 0.5], values[gradients[0]!].Elements);
        Assert.Equal([11, 10, 1], values[gradients[1]!].Elements);
        Assert.Equal([0, 1, 10], values[gradients[2]!].Elements);
    }

    [Fact]
    public void Statistics_of_a_batch_are_mean_and_biased_variance()
    {
        var x = new OracleTensor(new Shape(2, 1, 1, 2), [1, 2, 4, 5]);
        var one = new OracleTensor(new Shape(1), [1]);
        var results = new[] { new OracleTensor(x.Shape), new OracleTensor(new Shape(1)), new OracleTensor(new Shape(1)) };
        new BatchNormTraining(0).Evaluate([x, one, one], results);
        Assert.Equal((3, 2.5), (results[1][0], results[2][0]));
        Assert.Equal([1 - (2 / Math.Sqrt(2.5)), 1 - (1 / Math.Sqrt(2.5)), 1 + (1 / Math.Sqrt(2.5)), 1 + (2 / Math.Sqrt(2.5))], results[0].Elements);
    }

    private static OracleTensor[] Evaluate(Op op, params OracleTensor[] inputs)
    {
        TensorType[] types = [.. inputs.Select((input, i) => new TensorType(op is RandomDropout && i == 1 ? DType.Int32 : DType.Float32, input.Shape))];
        OracleTensor[] results = [.. op.Infer(types).Select(type => new OracleTensor(type.Shape))];
        op.Evaluate(inputs, results);
        return results;
    }
}
