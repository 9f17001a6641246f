using Fovea.Darknet.Layers;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Darknet.Tests;

[Trait("row", "S4-04")]
public class ActivationTests
{
    private static readonly float[] s_points = [-7.3f, -5f, -3.5f, -2f, -1.2f, -0.6f, -1e-3f, 0, 1e-3f, 0.4f, 1, 1.5f, 2.25f, 3.75f, 5f, 6.5f];

    private static readonly Dictionary<string, Func<double, double>> s_functions = new(StringComparer.Ordinal)
    {
        ["logistic"] = Sigmoid, ["swish"] = x => x * Sigmoid(x), ["mish"] = x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        ["hard_mish"] = x => x > 0 ? x : x > -2 ? (x * x / 2) + x : 0, ["loggy"] = x => (2 * Sigmoid(x)) - 1, ["relu"] = x => Math.Max(x, 0),
        ["relu6"] = x => Math.Clamp(x, 0, 6), ["elu"] = x => x >= 0 ? x : Math.Exp(x) - 1, ["selu"] = x => 1.0507 * (x >= 0 ? x : 1.6732 * (Math.Exp(x) - 1)),
        ["gelu"] = x => 0.5 * x * (1 + Math.Tanh((0.797885 * x) + (0.035677 * x * x * x))), ["relie"] = x => x > 0 ? x : 0.01 * x,
        ["plse"] = x => x < -4 ? 0.01 * (x + 4) : x > 4 ? (0.01 * (x - 4)) + 1 : (0.125 * x) + 0.5, ["hardtan"] = x => Math.Clamp(x, -1, 1),
        ["lhtan"] = x => x < 0 ? 0.001 * x : x > 1 ? (0.001 * (x - 1)) + 1 : x, ["linear"] = x => x, ["ramp"] = x => (x > 0 ? x : 0) + (0.1 * x),
        ["revleaky"] = x => x > 0 ? x : 0.1 * x, ["leaky"] = x => x > 0 ? x : 0.1 * x, ["tanh"] = Math.Tanh,
        ["stair"] = x => Math.Floor(x) % 2 == 0 ? Math.Floor(x / 2) : x - Math.Floor(x) + Math.Floor(x / 2),
    };

    private static readonly Dictionary<string, Func<double[], double[]>> s_ofPixels = new(StringComparer.Ordinal)
    {
        ["normalize_channels"] = x => Shares([.. x.Select(v => Math.Max(v, 0))]), ["normalize_channels_softmax"] = x => Shares([.. x.Select(Math.Exp)]),
        ["normalize_channels_softmax_maxval"] = x => Shares([.. x.Select(v => Math.Exp(v - x.Max()))]),
    };

    public static TheoryData<string> Names => [.. DarknetActivation.All.Select(one => one.Name)];

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double[] Shares(double[] x) => [.. x.Select(v => v / (x.Sum() + 1e-4))];

    [Fact]
    public void All_23_of_Darknet_are_there()
    {
        Assert.Equal(23, DarknetActivation.All.Count);
        Assert.Equal(s_functions.Keys.Concat(s_ofPixels.Keys).Order(StringComparer.Ordinal), DarknetActivation.All.Select(one => one.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Weights_before_shares_of_channels_begin_with_one()
    {
        Initializer Beginning(string name) => Nets.Of($"[conv]\nfilters=2\nactivation={name}\n").Tensors.Single(tensor => tensor.Field == "weights").Initial;
        Assert.Equal(
            ["normalize_channels", "normalize_channels_softmax", "normalize_channels_softmax_maxval"],
            DarknetActivation.All.Select(one => one.Name).Where(name => Beginning(name) == Initializer.Ones));
        Assert.Equal(new Initializer.Uniform(Math.Sqrt(2.0 / 3)), Beginning("linear"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_are_those_of_the_formula(string name)
    {
        var found = Outputs(name, gradient: false);
        double[] points = [.. s_points.Select(x => (double)x)];
        Nets.Near(s_functions.TryGetValue(name, out var function) ? [.. points.Select(function)] : s_ofPixels[name](points), found, tolerance: 1e-5);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_those_of_the_formula(string name)
    {
        if (!s_functions.TryGetValue(name, out var function)) return;
        const double Step = 1e-6;
        var found = Outputs(name, gradient: true);
        for (var i = 0; i < s_points.Length; i++)
        {
            var (before, after) = ((function(s_points[i]) - function(s_points[i] - Step)) / Step, (function(s_points[i] + Step) - function(s_points[i])) / Step);
            if (Math.Abs(before - after) > 1e-3) continue;
            Assert.True(Math.Abs(found[i] - ((before + after) / 2)) < 1e-4, $"the slope of {name} at {s_points[i]} is {found[i]}; wanted {(before + after) / 2}");
        }
    }

    private static double[] Outputs(string name, bool gradient)
    {
        var graph = new Graph("activation");
        var x = graph.Input("x", TensorType.F32(1, s_points.Length, 1, 1));
        var y = DarknetActivation.Find(name)!.Of(x);
        graph.Output("y", gradient ? Autodiff.Gradients(y.Sum(0, 1, 2, 3), [x])[0]! : y);
        return Interpreter.Run(graph, _ => OracleTensor.From(HostTensor.Of(x.Shape, s_points)))[graph.Output("y")].Elements;
    }
}
