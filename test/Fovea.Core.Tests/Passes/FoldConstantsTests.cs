using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public class FoldConstantsTests
{
    [Fact]
    public void What_depends_on_constants_alone_becomes_a_constant()
    {
        const string Before = """
            graph "g"
            %0 = input "x" fill(0) : f32[2]
            %1 = constant {type=f32 shape=2 fill=3} : f32[2]
            %2 = square %1 : f32[2]
            %3 = affine %2 {alpha=1 beta=-1} : f32[2]
            %4 = multiply %0, %3 : f32[2]
            output "y" %4

            """;
        const string After = """
            graph "g"
            %0 = input "x" fill(0) : f32[2]
            %1 = constant {type=f32 shape=2 fill=8} : f32[2]
            %2 = multiply %0, %1 : f32[2]
            output "y" %2

            """;
        Assert.Equal(After, Rewriting.Of(Before, new FoldConstants(), new EliminateDeadNodes()));
        Assert.Equal(After, Rewriting.Of(After, new FoldConstants(), new EliminateDeadNodes()));
    }

    [Fact]
    public void A_chain_is_rounded_once()
    {
        // (1 + 2^-30 − 1)·2^30 is 1 in double; in float32 the addition alone would lose it.
        var graph = new Graph("g");
        graph.Output("y", graph.Constant(1f).Plus(Math.ScaleB(1, -30)).Plus(-1.0).Times(Math.ScaleB(1, 30)));
        var folded = new PassDriver().Run(graph, new FoldConstants(), new EliminateDeadNodes());
        Assert.Equal(1f, Assert.IsType<Constant>(folded.Output("y").Op).Tensor.Floats[0]);
    }

    [Fact]
    public void Every_result_of_a_node_is_folded()
    {
        var graph = new Graph("g");
        var x = graph.Constant(HostTensor.Of(new Shape(2, 1), [1, 3]));
        var (gamma, beta) = (graph.Constant(HostTensor.Filled(new Shape(1), 1)), graph.Constant(HostTensor.Filled(new Shape(1), 0)));
        var norm = graph.AddNode(new BatchNormTraining(0), x, gamma, beta);
        for (var i = 0; i < 3; i++) graph.Output($"y{i}", norm.Results[i]);
        var folded = new PassDriver().Run(graph, new FoldConstants());
        Assert.Equal([-1f, 1f], ((Constant)folded.Output("y0").Op).Tensor.Floats.ToArray());
        Assert.Equal((2f, 1f), (((Constant)folded.Output("y1").Op).Tensor.Floats[0], ((Constant)folded.Output("y2").Op).Tensor.Floats[0]));
    }

    [Fact]
    public void A_large_broadcast_stays_a_broadcast()
    {
        var graph = new Graph("g");
        graph.Output("y", graph.Constant(1f).BroadcastTo(new Shape(FoldConstants.Largest + 1)));
        Assert.IsType<Broadcast>(new PassDriver().Run(graph, new FoldConstants()).Output("y").Op);
    }

    [Fact]
    public void Variables_are_not_folded()
    {
        var graph = new Graph("g");
        graph.Output("y", graph.Parameter("w", new Shape(2), Initializer.Ones).Times(graph.Constant(2f)));
        Assert.Equal(graph.ToString(), new FoldConstants().Apply(graph).ToString());
    }

    [Fact]
    public void The_gradient_graph_computes_the_same_after_folding()
    {
        var graph = new Graph("g");
        var x = graph.Input("x", TensorType.F32(3, 4));
        var loss = x.Times(2).Sigmoid().Mean();
        graph.Output("dx", Autodiff.Gradients(loss, [x])[0]!);
        var folded = new PassDriver().Run(graph, new FoldConstants(), new EliminateDeadNodes());
        Assert.True(folded.Nodes.Count < graph.Nodes.Count);
        OracleTensor Run(Graph g) =>
            Interpreter.Run(g, _ => new OracleTensor(new Shape(3, 4), [.. Enumerable.Range(0, 12).Select(i => (i / 6.0) - 1)]))[g.Output("dx")];
        Conformance.Comparison.Close("dx", Run(graph), Run(folded), 1e-7);
    }
}
