using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public class FoldBatchNormTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    public void Norm_after_a_convolution_becomes_part_of_it(bool bias, int groups)
    {
        var before = ConvNorm(bias, groups);
        var after = Folded(before);
        Assert.DoesNotContain(after.Nodes, node => node.Op is BatchNorm);
        Weights.Close(Weights.Run(before), Weights.Run(after), relative: 1e-13);
        Assert.Equal(GraphPrinter.Print(after), GraphPrinter.Print(new FoldBatchNorm().Apply(after)));
    }

    [Fact]
    public void Folded_convolution_keeps_its_name_and_gains_a_bias()
    {
        Assert.Equal("""
            graph "conv_norm"
            %0 = input "x" fill(0) : f32[2, 4, 6, 6]
            %1 = parameter "conv.weight" fill(0) : f32[8, 4, 3, 3]
            %2 = parameter "conv.bias" fill(0) : f32[8]
            %3 = conv2d %0, %1 {stride=2x2 padding=1x1x1x1 dilation=1x1 groups=1} : f32[2, 8, 3, 3]
            %4 = reshape %2 {shape=1x8x1x1} : f32[1, 8, 1, 1]
            %5 = add %3, %4 : f32[2, 8, 3, 3]
            output "y" %5

            """, GraphPrinter.Print(Deploy.Structure(ConvNorm(bias: false, groups: 1))));
    }

    [Fact]
    public void Convolution_that_something_else_reads_is_left_alone()
    {
        var graph = ConvNorm(bias: false, groups: 1);
        graph.Output("conv", graph.Nodes.Single(node => node.Op is Conv2d).Result);
        Assert.Equal(GraphPrinter.Print(graph), GraphPrinter.Print(new FoldBatchNorm().Apply(graph)));
    }

    [Fact]
    public void Norm_without_a_convolution_before_it_is_left_alone()
    {
        var graph = new Graph("norm");
        graph.Output("y", Norm(graph, graph.Input("x", TensorType.F32(2, 8, 3, 3)).Relu()));
        Assert.Equal(GraphPrinter.Print(graph), GraphPrinter.Print(new FoldBatchNorm().Apply(graph)));
    }

    [Fact]
    public void Two_norms_in_a_row_both_fold()
    {
        var graph = new Graph("twice");
        var x = graph.Input("x", TensorType.F32(2, 4, 3, 3));
        var y = Norm(graph, x.Conv2d(graph.Parameter("conv.weight", new Shape(8, 4, 1, 1), Initializer.Zeros), Window2d.Of()));
        graph.Output("y", Norm(graph, y, "bn2"));
        var folded = Deploy.Fold(graph, Weights.OfAll(graph));
        Assert.Equal(["conv.weight", "conv.bias"], folded.Weights.Keys);
        Weights.Close(Weights.Run(graph), Weights.Run(folded.Graph, weights: folded.Weights), relative: 1e-6);
    }

    private static Graph Folded(Graph graph) => new PassDriver().Run(graph, new FoldBatchNorm(), new EliminateDeadNodes());

    private static Graph ConvNorm(bool bias, int groups)
    {
        var graph = new Graph("conv_norm");
        var x = graph.Input("x", TensorType.F32(2, 4, 6, 6));
        var y = x.Conv2d(graph.Parameter("conv.weight", new Shape(8, 4 / groups, 3, 3), Initializer.Zeros), Window2d.Of(stride: 2, padding: 1), groups);
        if (bias) y = y.PlusChannels(graph.Parameter("conv.bias", new Shape(8), Initializer.Zeros));
        graph.Output("y", Norm(graph, y));
        return graph;
    }

    private static Value Norm(Graph graph, Value x, string path = "bn")
    {
        var c = new Shape(8);
        return x.BatchNorm(
            graph.Parameter($"{path}.weight", c, Initializer.Zeros), graph.Parameter($"{path}.bias", c, Initializer.Zeros),
            graph.State($"{path}.running_mean", c, Initializer.Zeros), graph.State($"{path}.running_var", c, Initializer.Zeros));
    }
}
