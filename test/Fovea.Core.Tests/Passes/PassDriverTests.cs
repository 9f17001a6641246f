using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public class PassDriverTests
{
    [Fact]
    public void A_pass_is_applied_until_it_changes_nothing()
    {
        var graph = Chain(5);
        Assert.Equal(Chain(0).ToString(), new PassDriver().Run(graph, new DropLastRelu()).ToString());
    }

    [Fact]
    public void A_pass_that_does_not_settle_is_refused() =>
        Assert.Equal(
            "the pass grow still changes the graph 'g' after 50 rounds",
            Assert.Throws<GraphException>(() => new PassDriver().Run(Chain(1), new Grow())).Message);

    [Fact]
    public void A_pass_that_changes_the_type_of_an_output_is_refused() =>
        Assert.Equal(
            "the pass narrow changes the output 'y' from f32[2] to bf16[2]",
            Assert.Throws<GraphException>(() => new PassDriver().Run(Chain(1), new Narrow())).Message);

    [Fact]
    public void The_graph_after_each_pass_is_shown_to_who_asks()
    {
        var seen = new List<string>();
        new PassDriver((pass, graph) => seen.Add($"{pass} {graph.Nodes.Count}")).Run(Chain(2), new EliminateDeadNodes(), new DropLastRelu());
        Assert.Equal(["eliminate_dead_nodes 3", "drop_last_relu 1"], seen);
    }

    [Fact]
    public void A_pass_must_replace_every_result()
    {
        var graph = Chain(1);
        var to = new Remap(graph);
        Assert.Equal("relu has 1 results; 0 were given for it", Assert.Throws<GraphException>(() => to.Set(graph.Nodes[1], [])).Message);
        Assert.Equal("%0 of the source graph has no copy yet", Assert.Throws<GraphException>(() => to[graph.Nodes[0].Result]).Message);
    }

    private static Graph Chain(int length)
    {
        var graph = new Graph("g");
        var x = graph.Input("x", TensorType.F32(2));
        for (var i = 0; i < length; i++) x = x.Relu();
        graph.Output("y", x);
        return graph;
    }

    private sealed class DropLastRelu : Pass
    {
        private int _last;

        public override string Name => "drop_last_relu";

        protected override void Prepare(Graph source) => _last = source.Nodes.Count - 1;

        protected override Value[]? Rewrite(Node node, Remap to) => node.Op is Relu && node.Index == _last ? [to[node.Inputs[0]]] : null;
    }

    private sealed class Grow : Pass
    {
        public override string Name => "grow";

        protected override Value[]? Rewrite(Node node, Remap to) =>
            node.Op is Relu && node.Inputs[0].Variable is not null ? [to[node.Inputs[0]].Relu().Relu()] : null;
    }

    private sealed class Narrow : Pass
    {
        public override string Name => "narrow";

        protected override Value[]? Rewrite(Node node, Remap to) => node.Op is Relu ? [to[node.Inputs[0]].Cast(DType.BFloat16)] : null;
    }
}
