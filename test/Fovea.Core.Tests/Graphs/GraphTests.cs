using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Graphs;

public class GraphTests
{
    [Fact]
    public void A_shape_error_names_the_module_the_values_and_what_was_wanted()
    {
        var graph = new Graph("resnet18");
        var x = graph.Input("input", TensorType.F32(1, 3, 224, 224));
        var scope = new Scope(graph)["layer2"][0]["conv1"];
        var w = scope.Parameter("weight", new Shape(8, 4, 3, 3), Initializer.KaimingFanOut);
        Assert.Equal(
            "layer2.0.conv1 (conv2d): x [1, 3, 224, 224] has 3 channels; w [8, 4, 3, 3] with groups 1 wants 4",
            Assert.Throws<ShapeException>(() => x.Conv2d(w, Window2d.Of())).Message);
    }

    [Fact]
    public void A_shape_error_without_parameters_says_after_which_module_it_is()
    {
        var graph = new Graph("g");
        var w = graph.Parameter("stem.conv.weight", new Shape(4, 3, 3, 3), Initializer.Ones);
        var y = graph.Input("x", TensorType.F32(1, 3, 4, 4)).Conv2d(w, Window2d.Of());
        Assert.Equal(
            "after stem.conv (max_pool): x [1, 4, 2, 2] is smaller than the 3x3 kernel; wanted a larger image",
            Assert.Throws<ShapeException>(() => y.MaxPool(kernel: 3, stride: 2)).Message);
    }

    [Fact]
    public void A_node_belongs_to_the_module_of_its_first_parameter_or_of_what_it_reads()
    {
        var graph = new Graph("g");
        var w = graph.Parameter("stem.conv.weight", new Shape(4, 3, 1, 1), Initializer.Ones);
        var y = graph.Input("x", TensorType.F32(1, 3, 4, 4)).Conv2d(w, Window2d.Of()).Relu();
        Assert.Equal("stem.conv (relu)", y.Node.ToString());
        Assert.Equal("%3: f32[1, 4, 4, 4]", y.ToString());
    }

    [Fact]
    public void Values_of_another_graph_are_refused()
    {
        var (first, second) = (new Graph("first"), new Graph("second"));
        var x = first.Input("x", TensorType.F32(2));
        Assert.Equal("relu: %0: f32[2] belongs to another graph", Assert.Throws<GraphException>(() => second.Add(new Relu(), x)).Message);
        Assert.Throws<GraphException>(() => second.Output("y", x));
        Assert.Throws<GraphException>(() => second.Update(x, x));
    }

    [Fact]
    public void Names_are_unique()
    {
        var graph = new Graph("g");
        var x = graph.Input("x", TensorType.F32(2));
        graph.Output("y", x);
        Assert.Equal(
            "the graph 'g' already has a variable 'x'",
            Assert.Throws<GraphException>(() => graph.State("x", new Shape(2), Initializer.Zeros)).Message);
        Assert.Equal("the graph 'g' already has an output 'y'", Assert.Throws<GraphException>(() => graph.Output("y", x)).Message);
        Assert.Equal("the graph 'g' has no output 'z'; it has y", Assert.Throws<GraphException>(() => graph.Output("z")).Message);
        Assert.Equal("the graph 'g' has no variable 'w'", Assert.Throws<GraphException>(() => graph.Variable("w")).Message);
    }

    [Fact]
    public void A_variable_becomes_a_value_of_its_own_type_and_only_once()
    {
        var graph = new Graph("g");
        var w = graph.State("w", new Shape(2), Initializer.Zeros);
        Assert.Equal("update of 'w': it is f32[2], what it should become is f32[]", Assert.Throws<GraphException>(() => graph.Update(w, w.Sum())).Message);
        Assert.Throws<GraphException>(() => graph.Update(w.Relu(), w));
        graph.Update(w, w.Relu());
        Assert.Equal("'w' is updated twice", Assert.Throws<GraphException>(() => graph.Update(w, w)).Message);
    }

    [Fact]
    public void Uses_count_inputs_outputs_and_updates()
    {
        var graph = new Graph("g");
        var w = graph.State("w", new Shape(2), Initializer.Zeros);
        var y = w.Relu();
        Assert.True(w.UsedOnce);
        graph.Output("y", y);
        graph.Update(w, y);
        y.Times(y);
        Assert.Equal((1, 4), (w.Uses, y.Uses));
        Verifier.Verify(graph);
    }

    [Fact]
    public void A_wrong_use_count_is_found()
    {
        var graph = new Graph("g");
        graph.Input("x", TensorType.F32(2)).Uses = 1;
        Assert.Equal("%0 counts 1 uses; it has 0", Assert.Throws<GraphException>(() => Verifier.Verify(graph)).Message);
    }

    [Fact]
    public void A_wrong_type_is_found()
    {
        var graph = new Graph("g");
        var x = graph.Input("x", TensorType.F32(2));
        var shrinking = new Shrinking();
        graph.Add(shrinking, x);
        shrinking.Asked = true;
        Assert.Equal("shrinking: results are %1: f32[2]; the operation says f32[1]", Assert.Throws<GraphException>(() => Verifier.Verify(graph)).Message);
    }

    private sealed record Shrinking : Op
    {
        internal bool Asked { get; set; }

        public override string Name => "shrinking";

        public override TensorType[] Infer(ReadOnlySpan<TensorType> inputs) => [TensorType.F32(Asked ? 1 : 2)];

        public override Value?[] Gradient(Node node, ReadOnlySpan<Value?> dy) => [null];

        public override Cost Cost(ReadOnlySpan<TensorType> inputs, ReadOnlySpan<TensorType> results) => default;

        public override void Evaluate(ReadOnlySpan<OracleTensor> inputs, ReadOnlySpan<OracleTensor> results) => results[0][0] = inputs[0][0];
    }
}
