using System.Globalization;
using System.Text;
using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Ops;

/// <summary>Graph text that a file may hold: what it describes is bounded before it is made, and depth costs no stack.</summary>
public class GraphLimitTests
{
    private const string Head = "graph \"g\"\n%0 = input \"x\" fill(0) : f32[1, 4, 8, 8]\n";
    private const int Deep = 60_000;

    [Theory]
    [InlineData(
        "%1 = parameter \"w\" fill(0) : f32[4, 4, 3, 3]\n%2 = conv2d %0, %1 {stride=1x1 padding=0x0x0x0 dilation=1x1 groups=0} : f32[1, 4, 6, 6]",
        "line 4: conv2d: groups 0; wanted at least 1")]
    [InlineData("%1 = parameter \"w\" apart(0;0) : f32[4]", "line 3: 'apart(0;0)' is no initializer; wanted a period from 1")]
    [InlineData("%1 = parameter \"w\" normal(NaN) : f32[4]", "line 3: 'normal(NaN)' is no initializer; wanted 1 finite numbers")]
    [InlineData("%1 = input \"y\" fill(0) : f32[1, 4, 1073741824, 1073741824]", "line 3: [1, 4, 1073741824, 1073741824] is too large")]
    [InlineData("%1 = broadcast %0 {shape=1x4x65536x65536} : f32[1, 4, 65536, 65536]", "line 3: broadcast: x [1, 4, 8, 8] does not broadcast")]
    [InlineData(
        "%1 = constant {type=f32 shape=1024x1024x512 fill=1} : f32[1024, 1024, 512]",
        "line 3: 0 elements of constants and shapes and 536870912 more; wanted at most 16777216")]
    [InlineData("%1 = constant {type=f32 shape=2 fill=1e99} : f32[2]", "line 3: constant: fill=1e99; wanted a number that float32 holds")]
    [InlineData("%1 = slice %0 {starts=0x0x0x0 sizes=1x4x8x-1 steps=1x1x1x1} : f32[1]", "line 3: slice: sizes: axis 3 has the extent -1")]
    [InlineData("%1 = reduce %0 {kind=sum axes=9 keep_dims=true} : f32[1]", "line 3: axis 9; wanted 0 to 5")]
    [InlineData("%1 = relu %0 : f32[1, 4, 8, 8] and more", "line 3: 'f32[1, 4, 8, 8] and more' is no list of types")]
    [InlineData("auxiliary \"side\" %0 Infinity", "line 3: auxiliary 'side': the weight of its loss is Infinity")]
    public void Hostile_line_gives_a_GraphException_that_names_it(string line, string message) =>
        Assert.StartsWith(message, Assert.Throws<GraphException>(() => GraphParser.Parse(Head + line)).Message, StringComparison.Ordinal);

    [Fact]
    public void Fills_are_bounded_together_and_not_only_each()
    {
        var text = new StringBuilder(Head);
        for (var i = 1; i <= 5; i++) text.Append(CultureInfo.InvariantCulture, $"%{i} = constant {{type=f32 shape=4194304 fill={i}}} : f32[4194304]\n");
        Assert.Equal(
            "line 7: 16777216 elements of constants and shapes and 4194304 more; wanted at most 16777216",
            Assert.Throws<GraphException>(() => GraphParser.Parse(text.ToString())).Message);
    }

    [Fact]
    public void Limits_are_those_that_the_caller_sets()
    {
        var graph = Chain(10);
        Assert.Equal("line 7: the graph has more than 5 nodes", Refused(graph, new() { Nodes = 5 }));
        Assert.Equal("line 5: the nodes of the graph have more than 2 operands", Refused(graph, new() { Operands = 2 }));
        Assert.Equal("line 2: input: f32[1, 4, 8, 8] has 256 elements; wanted at most 255", Refused(graph, new() { Elements = 255 }));
        Assert.Equal("line 4: relu: with it the graph takes 512 operations for one image; wanted at most 300", Refused(graph, new() { Flops = 300 }));
        Assert.Equal(
            "line 13: a name has 1 characters; wanted at most 0", Refused(graph.Replace("\"x\"", "\"\"", StringComparison.Ordinal), new() { NameLength = 0 }));
        Assert.Equal("line 13: the graph has more than 0 outputs, updates and auxiliaries", Refused(graph, new() { Ends = 0 }));
    }

    [Fact]
    public void Many_outputs_take_linear_time()
    {
        var text = new StringBuilder(Head);
        for (var i = 0; i < 50_000; i++) text.Append(CultureInfo.InvariantCulture, $"output \"y{i}\" %0\n");
        var graph = GraphParser.Parse(text.ToString());
        Verifier.Verify(graph);
        Assert.Equal((50_000, 50_000), (graph.Outputs.Count, graph.Variables[0].Uses));
        Assert.Same(graph.Outputs[^1].Value, graph.Output("y49999"));
        Assert.Null(graph.FindOutput("y50000"));
    }

    [Fact]
    public void A_long_line_of_words_is_refused_in_linear_time()
    {
        var line = $"%1 = relu %0 : {new string('a', 3_000_000)}";
        Assert.StartsWith("line 3: 'aaa", Assert.Throws<GraphException>(() => GraphParser.Parse(Head + line)).Message, StringComparison.Ordinal);
        Assert.InRange(Assert.Throws<GraphException>(() => GraphParser.Parse(Head + new string('[', 3_000_000))).Message.Length, 100, 500);
    }

    [Fact]
    public void A_deep_chain_overflows_no_stack()
    {
        var graph = GraphParser.Parse(Chain(Deep));
        Verifier.Verify(graph);
        Assert.Equal(Deep + 1, graph.Nodes.Count);
        Assert.Equal(256L * Deep, CostAnalysis.Of(graph).Flops);
        var swept = new PassDriver().Run(graph, new EliminateCommonSubexpressions(), new FoldConstants(), new RemoveTrainingOnly());
        Assert.Equal(Deep + 1, new Rebatch(2).Apply(swept).Nodes.Count);
        Assert.Equal(GraphPrinter.Print(graph), GraphPrinter.Print(GraphParser.Parse(GraphPrinter.Print(graph))));
    }

    [Fact]
    public void A_deep_chain_of_linear_operations_is_differentiated_and_deployed()
    {
        var graph = new Graph("deep");
        var (x, w) = (graph.Input("input", TensorType.F32(1, 2)), graph.Parameter("w", new Shape(1, 2), Initializer.Ones));
        for (var i = 0; i < 20_000; i++) (x, w) = (x.Affine(1, 1e-3), w.Affine(1, 1e-3));
        graph.Output("logits", x.Plus(w));
        var form = Deploy.Fold(graph, new Dictionary<string, HostTensor> { ["w"] = HostTensor.Filled(new Shape(1, 2), 1) });
        Assert.Single(form.Weights);
        Assert.Equal(2, CostAnalysis.Of(graph).Params);
        Assert.NotNull(Autodiff.Gradients(graph.Output("logits").Sum(), [graph.Variable("w")])[0]);
    }

    [Fact]
    public void Folding_constants_stops_where_it_has_taken_enough()
    {
        var graph = new Graph("bomb");
        var x = graph.Constant(HostTensor.Filled(new Shape(1 << 20), 2));
        for (var i = 0; i < 64; i++) x = x.Affine(1, i + 1);
        graph.Output("y", x.Plus(graph.Input("x", TensorType.F32(1))));
        var folded = new FoldConstants().Apply(graph);
        Assert.InRange(folded.Nodes.Count(node => node.Op is Constant), 2, 12);
        Assert.Equal(graph.Nodes.Count, folded.Nodes.Count);
    }

    [Fact]
    public void A_long_label_is_kept_once_whatever_reads_it()
    {
        var graph = new Graph("g");
        var w = graph.Parameter($"{new string('m', 1000)}.weight", new Shape(1), Initializer.Ones);
        Assert.Same(w.Relu().Node.Path, w.Relu().Node.Path);
    }

    private static string Refused(string text, GraphLimits limits) => Assert.Throws<GraphException>(() => GraphParser.Parse(text, limits)).Message;

    private static string Chain(int length)
    {
        var text = new StringBuilder(Head);
        for (var i = 1; i <= length; i++) text.Append(CultureInfo.InvariantCulture, $"%{i} = relu %{i - 1} : f32[1, 4, 8, 8]\n");
        return text.Append(CultureInfo.InvariantCulture, $"output \"y\" %{length}\n").ToString();
    }
}
