using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;
using Fovea.Training.Initializers;
using Fovea.Training.State;

namespace Fovea.Training.Tests.Initializers;

public sealed class InitOptionsTests
{
    /// <summary>Of the convolution 48×32×3×3: 32·9 numbers make an output, 48·9 outputs take an input.</summary>
    private const double FanIn = 288;
    private const double FanOut = 432;

    public static TheoryData<string, double> Deviations() => new()
    {
        { "xavier_uniform", Math.Sqrt(2 / (FanIn + FanOut)) }, { "xavier_normal", Math.Sqrt(2 / (FanIn + FanOut)) },
        { "kaiming_uniform", Math.Sqrt(2 / FanIn) }, { "kaiming_normal", Math.Sqrt(2 / FanIn) }, { "normal", 0.01 }, { "uniform", 0.05 / Math.Sqrt(3) },
        // Of a normal distribution cut at ±2: √(1 − 4φ(2) / (2Φ(2) − 1)).
        { "truncated_normal", 0.02 * 0.8796256610342398 }, { "orthogonal", 1 / Math.Sqrt(FanIn) },
    };

    [Theory]
    [MemberData(nameof(Deviations))]
    public void Weights_have_the_deviation_of_their_definition(string kind, double deviation)
    {
        var values = Drawn(InitOptions.Kinds.Single(rule => rule.Kind == kind))["conv.weight"].Floats.ToArray();
        Assert.InRange(Math.Sqrt(values.Average(x => (double)x * x)) / deviation, 0.98, 1.02);
        Assert.InRange(values.Average(x => (double)x) / deviation, -0.03, 0.03);
    }

    [Fact]
    public void Uniform_rules_keep_and_nearly_reach_their_bounds_and_normal_ones_their_cut()
    {
        Reaches(Math.Sqrt(6 / (FanIn + FanOut)), new XavierUniformOptions());
        Reaches(2 * Math.Sqrt(6 / (FanIn + FanOut)), new XavierUniformOptions { Gain = 2 });
        Reaches(Math.Sqrt(6 / FanIn), new KaimingUniformOptions());
        Reaches(Math.Sqrt(3 / FanOut), new KaimingUniformOptions { Mode = FanMode.FanOut, Gain = 1 });
        Reaches(0.5, new UniformOptions { Bound = 0.5 });
        Reaches(1.5 * 0.02, new TruncatedNormalOptions { Cut = 1.5 });
    }

    [Fact]
    public void Fans_of_a_linear_layer_follow_from_the_way_its_weight_is_multiplied()
    {
        var weights = new InitContext(Net(), 0, []).LayerWeights.ToDictionary(weight => weight.Variable.Label);
        Assert.Equal((48, 288L, 432L), Facts(weights["conv.weight"]));
        Assert.Equal((20, 48L, 20L), Facts(weights["fc.weight"]));
        Assert.Equal((5, 20L, 5L), Facts(weights["out.kernel"]));
        Assert.Equal(3, weights.Count);
        static (int, long, long) Facts(InitWeight weight) => (weight.Outputs, weight.FanIn, weight.FanOut);
    }

    [Fact]
    public void Orthogonal_rows_or_columns_stand_at_right_angles_with_the_gain_as_their_length()
    {
        var drawn = Drawn(new OrthogonalOptions { Gain = 1.5 });
        Orthogonal(drawn["conv.weight"], rows: 48, columns: 288, transposed: false, gain: 1.5);
        Orthogonal(drawn["fc.weight"], rows: 20, columns: 48, transposed: false, gain: 1.5);
        Orthogonal(drawn["out.kernel"], rows: 20, columns: 5, transposed: true, gain: 1.5);
        var tall = Drawn(new OrthogonalOptions { Only = ["pos"] });
        Orthogonal(tall["pos"], rows: 48, columns: 2, transposed: true, gain: 1);
    }

    [Fact]
    public void Names_that_are_given_are_the_parameters_that_are_meant_whatever_they_are()
    {
        Assert.Equal(["fc.bias", "out.bias"], Drawn(new FillOptions { Number = 0.25, Only = ["*.bias"] }).Keys.Order());
        Assert.All(Drawn(new FillOptions { Number = 0.25, Only = ["*.bias"] })["fc.bias"].Floats.ToArray(), x => Assert.Equal(0.25f, x));
        Assert.Equal(["pos"], Drawn(new TruncatedNormalOptions { Only = ["pos"] }).Keys);
        Assert.Equal(
            "model.init normal: no parameter is called head.* or *.gain; wanted one at least",
            Assert.Throws<TrainingException>(() => Drawn(new NormalOptions { Only = ["head.*", "*.gain"] })).Message);
    }

    [Fact]
    public void Draws_follow_from_the_seed_and_the_name_of_the_parameter_alone()
    {
        foreach (var rule in InitOptions.Kinds.OfType<WeightInitOptions>().Where(rule => rule is not FillOptions))
        {
            var (all, one) = (Drawn(rule), Drawn(rule with { Only = ["fc.weight"] }));
            Assert.Equal(all["fc.weight"].Bytes.ToArray(), one["fc.weight"].Bytes.ToArray());
            Assert.NotEqual(all["fc.weight"].Bytes.ToArray(), Drawn(rule, seed: 8)["fc.weight"].Bytes.ToArray());
        }
    }

    [Fact]
    public void Rules_are_applied_in_their_order()
    {
        var values = InitialValues.Of([new NormalOptions(), new FillOptions { Only = ["fc.*"] }], new(Net(), 3, [])).ToDictionary();
        Assert.All(values["fc.weight"].Floats.ToArray(), x => Assert.Equal(0, x));
        Assert.Contains(values["conv.weight"].Floats.ToArray(), x => x != 0);
    }

    [Fact]
    public void Class_priors_make_the_classifier_predict_how_often_each_class_is()
    {
        var bias = Drawn(new ClassPriorOptions(), counts: [50, 25, 15, 9, 1])["out.bias"].Floats.ToArray();
        var sum = bias.Sum(x => Math.Exp(x));
        Assert.Equal([0.5, 0.25, 0.15, 0.09, 0.01], bias.Select(x => Math.Round(Math.Exp(x) / sum, 6)));
        var sigmoid = Drawn(new ClassPriorOptions { Sigmoid = true }, counts: [50, 25, 15, 9, 1])["out.bias"].Floats.ToArray();
        Assert.Equal([0.5, 0.25, 0.15, 0.09, 0.01], sigmoid.Select(x => Math.Round(1 / (1 + Math.Exp(-x)), 6)));
        var unknown = Assert.Throws<TrainingException>(() => Drawn(new ClassPriorOptions()));
        Assert.Contains("each of 5 classes has; given are 0 numbers", unknown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gain", "xavier_uniform")]
    [InlineData("gain", "orthogonal")]
    [InlineData("deviation", "truncated_normal")]
    [InlineData("bound", "uniform")]
    public void Values_out_of_range_are_told_with_their_place(string option, string kind)
    {
        InitOptions rule = kind switch
        {
            "xavier_uniform" => new XavierUniformOptions { Gain = 0 },
            "orthogonal" => new OrthogonalOptions { Gain = -1 },
            "truncated_normal" => new TruncatedNormalOptions { Deviation = 0 },
            _ => new UniformOptions { Bound = double.NaN },
        };
        var problems = (Runs.Recipe() with { Model = new() { Init = [new ZeroGammaOptions(), rule] } }).Validate();
        Assert.StartsWith($"model.init[1].{option}: ", Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    private static void Reaches(double bound, InitOptions rule)
    {
        var largest = Drawn(rule)["conv.weight"].Floats.ToArray().Max(x => Math.Abs((double)x));
        Assert.InRange(largest / bound, 0.995, 1.0000001);
    }

    private static void Orthogonal(HostTensor weight, int rows, int columns, bool transposed, double gain)
    {
        // Lines are rows, or columns where those are fewer.
        var values = weight.Floats.ToArray();
        double At(int line, int i) => transposed ? values[(i * columns) + line] : values[(line * columns) + i];
        var (lines, length) = transposed ? (columns, rows) : (rows, columns);
        for (var a = 0; a < lines; a++)
            for (var b = 0; b <= a; b++)
                Assert.Equal(a == b ? gain * gain : 0, Enumerable.Range(0, length).Sum(i => At(a, i) * At(b, i)), 1e-5);
    }

    private static Dictionary<string, HostTensor> Drawn(InitOptions rule, ulong seed = 7, int[]? counts = null) =>
        rule.Values(new(Net(), seed, counts ?? [])).ToDictionary();

    /// <summary>A convolution, embedded positions, and two linear layers whose weights are stored either way.</summary>
    private static Graph Net()
    {
        var graph = new Graph("net");
        var x = graph.Input("input", TensorType.F32(1, 32, 4, 4));
        x = x.Conv2d(graph.Parameter("conv.weight", new Shape(48, 32, 3, 3), Initializer.Zeros), Window2d.Of(1, 1)).Relu().Mean(2, 3);
        x = x.Plus(graph.Parameter("pos", new Shape(48, 2), Initializer.Zeros).Mean(1).Reshape(new Shape(1, 48)));
        x = x.MatMul(graph.Parameter("fc.weight", new Shape(20, 48), Initializer.Zeros), transposeB: true)
            .Plus(graph.Parameter("fc.bias", new Shape(20), Initializer.Zeros)).Relu();
        x = x.MatMul(graph.Parameter("out.kernel", new Shape(20, 5), Initializer.Zeros));
        graph.Output("logits", x.Plus(graph.Parameter("out.bias", new Shape(5), Initializer.Zeros)));
        return graph;
    }
}
