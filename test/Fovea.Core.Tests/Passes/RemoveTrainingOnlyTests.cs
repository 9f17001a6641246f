using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public class RemoveTrainingOnlyTests
{
    [Fact]
    public void Where_a_gradient_passes_straight_through_there_is_the_value()
    {
        var (graph, wanted) = (new Graph("g"), new Graph("g"));
        var x = graph.Input("x", TensorType.F32(2, 3));
        var signs = graph.Constant(0f).AtLeast(x);
        graph.Output("y", signs.StopGradient().Plus(x.Minus(x.StopGradient())));
        graph.Output("z", x.StopGradient().Plus(x));
        var same = wanted.Input("x", TensorType.F32(2, 3));
        wanted.Output("y", wanted.Constant(0f).AtLeast(same));
        wanted.Output("z", same.Plus(same));
        Assert.Equal(GraphPrinter.Print(wanted), GraphPrinter.Print(new PassDriver().Run(graph, new RemoveTrainingOnly(), new EliminateDeadNodes())));
    }
}
