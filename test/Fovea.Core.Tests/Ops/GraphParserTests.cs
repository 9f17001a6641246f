using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Ops;

public class GraphParserTests
{
    private const string Text = """
        graph "tiny"
        %0 = input "x" fill(0) : f32[2, 3, 8, 8]
        %1 = parameter "conv.weight" kaiming_fan_out : f32[4, 3, 3, 3]
        %2 = conv2d %0, %1 {stride=2x2 padding=1x1x1x1 dilation=1x1 groups=1} : f32[2, 4, 4, 4]
        %3 = state "bn.running_mean" fill(0) : f32[4]
        %4 = parameter "bn.weight" fill(1) : f32[4]
        %5, %6, %7 = batch_norm_training %2, %4, %3 {epsilon=1E-05} : f32[2, 4, 4, 4], f32[4], f32[4]
        %8 = relu %5 : f32[2, 4, 4, 4]
        %9 = blend %3, %6 {alpha=0.9 beta=0.1} : f32[4]
        %10 = slot "momentum" normal(0.01) : f32[4]
        %11 = constant {type=f32 shape=scalar fill=0.1} : f32[]
        %12 = multiply %8, %11 : f32[2, 4, 4, 4]
        output "y" %12
        output "again" %12
        update %3 %9
        auxiliary "side" %8 0.3

        """;

    [Fact]
    public void A_printed_graph_reads_back_as_the_same_text() => Assert.Equal(Text, GraphPrinter.Print(GraphParser.Parse(Text)));

    [Fact]
    public void What_was_read_holds_the_invariants_of_a_graph() => Verifier.Verify(GraphParser.Parse(Text));

    [Fact]
    public void Constants_keep_every_bit()
    {
        var graph = new Graph("bits");
        float[] odd = [float.NaN, -0f, 1e-45f, float.PositiveInfinity, 0.1f, -3.4e38f];
        foreach (var number in odd) graph.Output($"c{graph.Outputs.Count}", graph.Constant(number));
        graph.Output("all", graph.Constant(HostTensor.Of(new Shape(2, 3), odd)));
        graph.Output("labels", graph.Constant(new HostTensor(new TensorType(DType.Int8, new Shape(3)), [1, 255, 0])));
        var read = GraphParser.Parse(GraphPrinter.Print(graph));
        foreach (var (name, value) in graph.Outputs)
            Assert.Equal(((Constant)value.Op).Tensor.Bytes.ToArray(), ((Constant)read.Output(name).Op).Tensor.Bytes.ToArray());
    }

    [Fact]
    public void Names_may_hold_quotes_and_blanks()
    {
        var graph = new Graph("a \"quoted\" name");
        graph.Output("the \"output\"", graph.Input("the \"input\" x", TensorType.F32(1)));
        Assert.Equal(GraphPrinter.Print(graph), GraphPrinter.Print(GraphParser.Parse(GraphPrinter.Print(graph))));
    }

    [Theory]
    [InlineData("graf \"x\"", "line 1: 'graf \"x\"' does not begin a graph")]
    [InlineData("graph \"x\"\n%0 = input \"x\" fill(0) : f32[1]\n%1 = rilu %0 : f32[1]", "line 3: 'rilu' is no operation")]
    [InlineData("graph \"x\"\n%1 = relu %0 : f32[1]", "line 2: %0 is read before it is computed")]
    [InlineData("graph \"x\"\n%0 = input \"x\" fill(0) : f32[1]\n%1 = relu %0 : f32[2]", "line 3: relu gives f32[1]; the line says f32[2]")]
    [InlineData("graph \"x\"\n%0 = input \"x\" fill(0) : f16[1]", "line 2: 'f16' is no element type")]
    [InlineData("graph \"x\"\n%0 = input \"x\" ones : f32[1]", "line 2: 'ones' is no initializer")]
    [InlineData("graph \"x\"\n%0 = input \"x\" fill(a) : f32[1]", "line 2: ")]
    [InlineData("graph \"x\"\n%0 = input \"x\" fill(0) : f32[1, 2, 3, 4, 5, 6, 7]", "line 2: a shape has at most 6 axes")]
    [InlineData("graph \"x\"\n%0 = input \"x\" fill(0) : f32[99999999999]", "line 2: ")]
    [InlineData("graph \"x\"\n\n%0 = input \"x\" fill(0) : f32[1]\n%1 = affine %0 {alpha=1} : f32[1]", "line 4: affine: the attribute 'beta' is missing")]
    [InlineData(
        "graph \"x\"\n%0 = input \"x\" fill(0) : f32[1]\n%1 = affine %0 {alpha=1 beta=b} : f32[1]",
        "line 3: affine: the attribute beta=b is not a number")]
    [InlineData("graph \"x\"\n%0 = input \"x\" fill(0) : f32[1]\n%0 = relu %0 : f32[1]", "line 3: %0 is computed twice")]
    [InlineData(
        "graph \"x\"\n%0 = input \"x\" fill(0) : f32[2, 3]\n%1 = mat_mul %0, %0 {transpose_a=false transpose_b=false} : f32[2]",
        "line 3: mat_mul: a [2, 3] has 3 columns; b [2, 3] has 2 rows")]
    [InlineData("graph \"x\"\n%0 = constant {type=f32 shape=2 base64=AAAA} : f32[2]", "line 2: constant: base64: f32[2] takes 8 bytes, not 3")]
    [InlineData("graph \"x\"\n%0 = constant {type=f32 shape=2 base64=?} : f32[2]", "line 2: constant: base64: ")]
    [InlineData("graph \"x\"\noutput \"y\" %3", "line 2: %3 is read before it is computed")]
    [InlineData("graph \"x\"\nwhat is this", "line 2: cannot read 'what is this'")]
    public void An_error_names_its_line(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<GraphException>(() => GraphParser.Parse(text)).Message, StringComparison.Ordinal);
}
