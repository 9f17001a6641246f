using System.Globalization;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public class ReparameteriseTests
{
    private static readonly PassDriver s_driver = new();

    /// <summary>Branches of one sum: each a way from x with 8 channels, named after itself.</summary>
    public static TheoryData<string, string[]> Sums() => new()
    {
        { "3x3 and 1x1", ["conv 3 8 1 1 1", "conv 1 8 1 0 1"] },
        { "3x3, 1x1 and identity norm", ["conv 3 8 1 1 1", "conv 1 8 1 0 1", "norm"] },
        { "identity norm first", ["norm", "conv 1 8 1 0 1", "conv 3 8 1 1 1"] },
        { "stride 2", ["conv 3 12 2 1 1", "conv 1 12 2 0 1"] },
        { "two groups", ["conv 3 8 1 1 2", "conv 1 8 1 0 2", "norm"] },
        { "four groups and stride", ["conv 3 16 2 1 4", "conv 1 16 2 0 4"] },
        { "depthwise", ["conv 5 8 1 2 8", "conv 3 8 1 1 8", "norm"] },
        { "1x1 and identity alone", ["conv 1 8 1 0 1", "norm"] },
        { "plain identity", ["conv 3 8 1 1 1", "plain"] },
        { "no norms", ["bare 3 8 1 1 1", "bare 1 8 1 0 1"] },
        { "own biases", ["biased 3 8 1 1 1", "conv 1 8 1 0 1", "biasedbare 1 8 1 0 1"] },
        { "equal kernels", ["conv 3 8 1 1 1", "conv 3 8 1 1 1", "conv 3 8 1 1 1"] },
        { "large padding", ["conv 5 8 1 3 1", "conv 3 8 1 2 1"] },
    };

    [Theory]
    [MemberData(nameof(Sums))]
    public void Parallel_linear_branches_become_one_convolution_with_the_same_result(string what, string[] branches)
    {
        var before = Sum(branches);
        var after = s_driver.Run(before, new Reparameterise(), new EliminateDeadNodes());
        Assert.True(after.Nodes.Count(node => node.Op is Conv2d) == 1, what);
        Assert.DoesNotContain(after.Nodes, node => node.Op is BatchNorm);
        Weights.Close(Weights.Run(before), Weights.Run(after), relative: 1e-13);
    }

    [Fact]
    public void Repvgg_block_becomes_the_expected_graph()
    {
        var folded = Deploy.Structure(Sum(["conv 3 8 1 1 2", "conv 1 8 1 0 2", "norm"]));
        Assert.Equal("""
            graph "sum"
            %0 = input "x" fill(0) : f32[2, 8, 7, 6]
            %1 = parameter "block.reparam_conv.weight" fill(0) : f32[8, 4, 3, 3]
            %2 = parameter "block.reparam_conv.bias" fill(0) : f32[8]
            %3 = conv2d %0, %1 {stride=1x1 padding=1x1x1x1 dilation=1x1 groups=2} : f32[2, 8, 7, 6]
            %4 = reshape %2 {shape=1x8x1x1} : f32[1, 8, 1, 1]
            %5 = add %3, %4 : f32[2, 8, 7, 6]
            %6 = relu %5 : f32[2, 8, 7, 6]
            output "y" %6

            """, GraphPrinter.Print(folded));
    }

    [Fact]
    public void Second_application_changes_nothing()
    {
        var once = s_driver.Run(Sum(["conv 3 8 1 1 1", "conv 1 8 1 0 1", "norm"]), new Reparameterise());
        Assert.Equal(GraphPrinter.Print(once), GraphPrinter.Print(new Reparameterise().Apply(once)));
    }

    [Fact]
    public void Inner_sum_is_folded_where_the_outer_cannot_be()
    {
        var graph = new Graph("inner");
        var s = new Scope(graph);
        var x = graph.Input("x", TensorType.F32(1, 8, 5, 5));
        var inner = Branch(s["a"], x, "conv 3 8 1 1 1").Plus(Branch(s["b"], x, "conv 1 8 1 0 1"));
        graph.Output("y", inner.Plus(Branch(s["c"], x.Relu(), "conv 1 8 1 0 1")));
        var after = s_driver.Run(graph, new Reparameterise(), new EliminateDeadNodes());
        Assert.Equal(2, after.Nodes.Count(node => node.Op is Conv2d));
        Weights.Close(Weights.Run(graph), Weights.Run(after), relative: 1e-13);
    }

    public static TheoryData<string, string[]> OtherSums() => new()
    {
        { "strides differ", ["conv 3 8 2 1 1", "conv 1 8 1 0 1 pool"] },
        { "groups differ", ["conv 3 8 1 1 1", "conv 1 8 1 0 2"] },
        { "kernel sticks out", ["conv 3 8 1 1 1", "conv 1 8 1 1 1 crop"] },
        { "no convolution", ["norm", "norm"] },
        { "not linear", ["conv 3 8 1 1 1", "relu"] },
    };

    [Theory]
    [MemberData(nameof(OtherSums))]
    public void Branches_that_do_not_fit_are_left_alone(string what, string[] branches)
    {
        var before = Sum(branches);
        Assert.True(GraphPrinter.Print(before) == GraphPrinter.Print(new Reparameterise().Apply(before)), what);
    }

    [Fact]
    public void Branch_that_something_else_reads_is_left_alone()
    {
        var graph = new Graph("shared");
        var s = new Scope(graph);
        var x = graph.Input("x", TensorType.F32(1, 8, 5, 5));
        var branch = Branch(s["a"], x, "conv 3 8 1 1 1");
        graph.Output("y", branch.Plus(Branch(s["b"], x, "conv 1 8 1 0 1")));
        graph.Output("branch", branch);
        Assert.Equal(GraphPrinter.Print(graph), GraphPrinter.Print(new Reparameterise().Apply(graph)));
    }

    [Fact]
    public void Weight_that_two_convolutions_share_is_left_alone()
    {
        var graph = new Graph("shared");
        var x = graph.Input("x", TensorType.F32(1, 8, 5, 5));
        var w = graph.Parameter("w", new Shape(8, 8, 1, 1), Initializer.Zeros);
        graph.Output("y", x.Conv2d(w, Window2d.Of()).Plus(x.Conv2d(w, Window2d.Of())));
        Assert.Equal(GraphPrinter.Print(graph), GraphPrinter.Print(new Reparameterise().Apply(graph)));
    }

    [Fact]
    public void Training_graph_is_left_alone()
    {
        var training = s_driver.Run(Sum(["conv 3 8 1 1 1", "conv 1 8 1 0 1", "norm"]), new EnterTraining());
        Assert.Equal(GraphPrinter.Print(training), GraphPrinter.Print(s_driver.Run(training, new Reparameterise(), new FoldBatchNorm())));
    }

    private static Graph Sum(string[] branches)
    {
        var graph = new Graph("sum");
        var x = graph.Input("x", TensorType.F32(2, 8, 7, 6));
        var block = new Scope(graph)["block"];
        var terms = branches.Select((branch, i) => Branch(block[$"branch{i}"], x, branch)).ToArray();
        graph.Output("y", terms.Aggregate((sum, term) => sum.Plus(term)).Relu());
        return graph;
    }

    /// <summary>A branch from words: what it is, then kernel, channels, stride, padding, groups, then what makes it fit the others.</summary>
    private static Value Branch(Scope s, Value x, string text)
    {
        var words = text.Split(' ');
        if (words[0] == "plain") return x;
        if (words[0] == "relu") return x.Relu();
        if (words[0] == "norm") return Norm(s, x);
        int Number(int i) => int.Parse(words[i], CultureInfo.InvariantCulture);
        var (kernel, channels, stride, padding, groups) = (Number(1), Number(2), Number(3), Number(4), Number(5));
        var y = x.Conv2d(s.Parameter("conv.weight", new Shape(channels, 8 / groups, kernel, kernel), Initializer.Zeros), Window2d.Of(stride, padding), groups);
        if (words[0].StartsWith("biased", StringComparison.Ordinal)) y = y.PlusChannels(s.Parameter("conv.bias", new Shape(channels), Initializer.Zeros));
        if (!words[0].EndsWith("bare", StringComparison.Ordinal)) y = Norm(s["bn"], y);
        return words[^1] switch
        {
            "pool" => y.MaxPool(kernel: 1, stride: 2),
            "crop" => y.Slice(new Shape(0, 0, 1, 1), new Shape(2, channels, 7, 6)),
            _ => y,
        };
    }

    private static Value Norm(Scope s, Value x)
    {
        var channels = new Shape(x.Shape.C);
        Value One(string name) => s.State(name, channels, Initializer.Zeros);
        var (gamma, beta) = (s.Parameter("weight", channels, Initializer.Zeros), s.Parameter("bias", channels, Initializer.Zeros));
        return x.BatchNorm(gamma, beta, One("running_mean"), One("running_var"), epsilon: 1e-3);
    }
}
