using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

/// <summary>Forms of blocks that are linear in one value without being plain sums of normalised convolutions.</summary>
public class LinearMapTests
{
    private const int Channels = 6;

    public static TheoryData<string, string[]> Blocks() => new()
    {
        { "scales, then a norm", ["block.conv.weight", "block.conv.bias"] },
        { "scaled difference", ["block.conv.weight", "block.conv.bias"] },
        { "mean over windows", ["block.conv.weight", "block.conv.bias"] },
        { "factor and shift", ["block.conv.weight", "block.conv.bias"] },
        { "identity beside one", ["conv.weight", "conv.bias"] },
        { "two classifiers", ["head.reparam_linear.weight", "head.reparam_linear.bias"] },
        { "norm before a pointwise", ["block.a.weight", "block.a.bias"] },
        { "norm before a classifier", ["head.l.weight", "head.l.bias"] },
        { "scale behind a bias", ["block.a.weight", "block.a.bias"] },
    };

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Block_that_is_linear_becomes_one_weight_and_one_bias(string what, string[] names)
    {
        var before = Graph(what);
        var weights = Weights.OfAll(before);
        var after = Deploy.Fold(before, weights, label => label.Replace("reparam_conv", "conv", StringComparison.Ordinal));
        Assert.Equal(names, after.Weights.Keys);
        Assert.Single(after.Graph.Nodes, node => node.Op is Conv2d or MatMul);
        Assert.DoesNotContain(after.Graph.Nodes, node => node.Op is BatchNorm or Multiply or Affine or AvgPool { KernelH: 3 });
        Weights.Close(Weights.Run(before, weights: weights), Weights.Run(after.Graph, weights: after.Weights), relative: 1e-6);
        var path = Assert.Single(after.Blocks);
        Weights.Close(Weights.Run(after.Before, path, weights), Weights.Run(after.After, path, after.Weights), relative: 1e-6);
    }

    [Theory]
    [InlineData("norm before a padded kernel")]
    [InlineData("mean without padding")]
    [InlineData("scale of pixels")]
    [InlineData("scale from the image")]
    public void Block_that_is_not_linear_or_reaches_into_padding_is_left_alone(string what)
    {
        var graph = Graph(what);
        Assert.Equal(GraphPrinter.Print(graph), GraphPrinter.Print(new PassDriver().Run(graph, new Reparameterise(), new FoldBatchNorm())));
    }

    [Fact]
    public void Norm_between_two_convolutions_belongs_to_the_first()
    {
        var graph = new Graph("between");
        var (s, x) = (new Scope(graph), graph.Input("x", TensorType.F32(2, Channels, 5, 4)));
        graph.Output("y", Conv(s["b"], Norm(s["n"], Conv(s["a"], x, 3, Channels)), 1));
        Assert.Equal(["a.weight", "a.bias", "b.weight"], Deploy.Fold(graph, Weights.OfAll(graph)).Weights.Keys);
    }

    [Fact]
    public void Two_sums_of_one_module_have_names_of_their_own()
    {
        var graph = new Graph("two");
        var (s, x) = (new Scope(graph)["block"], graph.Input("x", TensorType.F32(2, Channels, 5, 4)));
        var y = Conv(s["a"], x, 3).Plus(Conv(s["b"], x, 1)).Relu();
        graph.Output("y", Conv(s["c"], y, 3).Plus(Conv(s["d"], y, 1)));
        Assert.Equal(["block.reparam_conv.weight", "block.c.weight"], Deploy.Fold(graph, Weights.OfAll(graph)).Weights.Keys);
    }

    private static Graph Graph(string what)
    {
        var graph = new Graph("block");
        var (s, block) = (new Scope(graph), new Scope(graph)["block"]);
        var x = graph.Input("x", TensorType.F32(2, Channels, 5, 4));
        var features = Features(x);
        graph.Output("y", what switch
        {
            "scales, then a norm" =>
                Norm(block["bn"], Scaled(block["sa"], Conv(block["a"], x, 3)).Plus(Scaled(block["sb"], Conv(block["b"], x, 1))).Plus(Scaled(block["sc"], x))),
            "scaled difference" => x.Plus(Scaled(
                block["s"], Norm(block["m.n"], Conv(block["m.a"], x, 3, Channels)).Plus(Norm(block["m.i"], x)).Minus(Norm(block["n"], x)))),
            "mean over windows" => Norm(block["n"], Conv(block["a"], x, 5)).Plus(x.AvgPool(3, stride: 1, padding: 1)),
            "factor and shift" => Conv(block["a"], x, 3).Plus(Conv(block["b"], x, 1)).Affine(-0.5, 0.25),
            "identity beside one" => Conv(s["pos"], x, 3, Channels, bias: true).Plus(x),
            "two classifiers" => Linear(s["head.a"], features).Plus(Linear(s["head.b"], features)).Times(0.5),
            "norm before a pointwise" => Scaled(block["s"], Conv(block["a"], Norm(block["n"], x), 1)),
            "norm before a classifier" => Linear(s["head"], features),
            "scale behind a bias" => Scaled(block["s"], Conv(block["a"], x, 3, bias: true)),
            "norm before a padded kernel" => Conv(block["a"], Norm(block["n"], x), 3),
            "mean without padding" => Conv(block["a"], x, 3).Plus(x.AvgPool(3, stride: 1, padding: 1, countPadding: false)),
            "scale of pixels" => Conv(block["a"], x, 3).Times(block.Parameter("s", new Shape(1, 1, 5, 4), Initializer.Zeros)),
            "scale from the image" => Conv(block["a"], x, 3).Times(x),
            _ => throw new ArgumentException(what),
        });
        return new EliminateDeadNodes().Apply(graph);
    }

    private static Value Conv(Scope s, Value x, int kernel, int groups = 1, bool bias = false)
    {
        var w = s.Parameter("weight", new Shape(Channels, Channels / groups, kernel, kernel), Initializer.Zeros);
        var y = x.Conv2d(w, Window2d.Of(padding: kernel / 2), groups);
        return bias ? y.PlusChannels(s.Parameter("bias", new Shape(Channels), Initializer.Zeros)) : y;
    }

    private static Value Scaled(Scope s, Value x) => x.Times(s.Parameter("weight", new Shape(Channels, 1, 1), Initializer.Zeros));

    /// <summary>The first pixel of each image.</summary>
    private static Value Features(Value x) => x.Slice(axis: 2, 0, 1).Slice(axis: 3, 0, 1).Flatten();

    private static Value Linear(Scope s, Value x)
    {
        var y = Norm(s["n"], x).MatMul(s.Parameter("l.weight", new Shape(3, Channels), Initializer.Zeros), transposeB: true);
        return y.Plus(s.Parameter("l.bias", new Shape(3), Initializer.Zeros));
    }

    private static Value Norm(Scope s, Value x)
    {
        var c = new Shape(Channels);
        Value One(string name) => s.State(name, c, Initializer.Zeros);
        return x.BatchNorm(
            s.Parameter("weight", c, Initializer.Zeros), s.Parameter("bias", c, Initializer.Zeros), One("running_mean"), One("running_var"), epsilon: 1e-3);
    }
}
