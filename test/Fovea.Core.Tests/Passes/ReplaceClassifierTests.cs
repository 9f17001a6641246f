using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public sealed class ReplaceClassifierTests
{
    [Fact]
    public void Linear_layer_with_a_bias_is_replaced_and_nothing_else()
    {
        var graph = Graph((s, x) => Linear(s["fc"], x.Mean(2, 3), 3));
        var replaced = new ReplaceClassifier(7).Apply(graph);
        Assert.Equal(TensorType.F32(2, 7), replaced.Output("logits").Type);
        Assert.Equal((new Shape(7, 4), new Shape(7)), (replaced.Variable("fc.weight").Shape, replaced.Variable("fc.bias").Shape));
        Assert.Equal(graph.Variable("conv.weight").Variable, replaced.Variable("conv.weight").Variable);
        Assert.Equal(
            ["fc.weight 0 Weight", "fc.bias 0 Shift"],
            ClassAxes.Of(graph).Variables.Select(entry => $"{entry.Variable.Label} {entry.Axis} {entry.Part}"));
    }

    [Fact]
    public void Weight_that_is_stored_the_other_way_round_is_found_with_its_axis_and_drawn_by_its_inputs()
    {
        var graph = Graph((s, x) => x.Mean(2, 3).MatMul(s.Parameter("fc.kernel", new Shape(4, 3), Initializer.Zeros)));
        var replaced = new ReplaceClassifier(5).Apply(graph).Variable("fc.kernel").Variable!;
        Assert.Equal((new Shape(4, 5), (Initializer)new Initializer.Uniform(0.5)), (replaced.Type.Shape, replaced.Initial));
    }

    [Fact]
    public void Convolution_in_front_of_activation_pool_norm_and_views_is_replaced_with_its_norm()
    {
        var graph = Graph((s, x) =>
        {
            x = x.Conv2d(s.Parameter("cls.weight", new Shape(3, 4, 1, 1), Initializer.Zeros), Window2d.Of())
                .PlusChannels(s.Parameter("cls.bias", new Shape(3), Initializer.Zeros));
            x = x.BatchNorm(
                s.Parameter("bn.weight", new Shape(3), Initializer.Zeros), s.Parameter("bn.bias", new Shape(3), Initializer.Zeros),
                s.State("bn.running_mean", new Shape(3), Initializer.Zeros), s.State("bn.running_var", new Shape(3), Initializer.Zeros));
            return x.Relu().GlobalAveragePool().Flatten();
        });
        var replaced = new ReplaceClassifier(9).Apply(graph);
        Assert.Equal(TensorType.F32(2, 9), replaced.Output("logits").Type);
        Assert.Equal(new Shape(9, 4, 1, 1), replaced.Variable("cls.weight").Shape);
        Assert.Equal(
            [Initializer.Ones, Initializer.Zeros, Initializer.Zeros, Initializer.Ones],
            new[] { "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var" }.Select(name => replaced.Variable(name).Variable!.Initial));
    }

    [Fact]
    public void Heads_that_are_averaged_and_auxiliary_ones_are_all_replaced()
    {
        var graph = Graph((s, x) =>
        {
            x.Graph.Auxiliary("aux", Linear(s["aux"], x.Mean(2, 3), 3), 0.4);
            return Linear(s["head"], x.Mean(2, 3), 3).Plus(Linear(s["head_dist"], x.Mean(2, 3), 3)).Times(0.5);
        });
        var replaced = new ReplaceClassifier(6).Apply(graph);
        Assert.Equal(TensorType.F32(2, 6), replaced.Auxiliaries.Single().Value.Type);
        foreach (var name in new[] { "aux", "head", "head_dist" }) Assert.Equal(new Shape(6, 4), replaced.Variable($"{name}.weight").Shape);
    }

    [Fact]
    public void Classifier_that_cannot_be_found_is_refused_with_the_operation()
    {
        var none = Graph((_, x) => x.Mean(2, 3));
        Assert.EndsWith("(mat_mul)", Assert.Throws<GraphException>(() => new ReplaceClassifier(5).Apply(
            Graph((_, x) => x.Reshape(new Shape(2, 4, 36)).MatMul(x.Reshape(new Shape(2, 36, 4))).Mean(2)))).Message.Split(':')[0], StringComparison.Ordinal);
        Assert.Equal(new Shape(5, 3, 3, 3), new ReplaceClassifier(5).Apply(none).Variable("conv.weight").Shape);
        var sorted = Graph((s, x) => Linear(s["fc"], x.Mean(2, 3), 4).Reshape(new Shape(2, 2, 2)).Relu().Reshape(new Shape(2, 4)));
        Assert.Equal(
            "reshape: the classes cannot be followed beyond this operation", Assert.Throws<GraphException>(() => new ReplaceClassifier(5).Apply(sorted))
                .Message.Split(',')[0].Replace("fc (reshape)", "reshape", StringComparison.Ordinal));
    }

    [Fact]
    public void What_makes_probabilities_at_the_end_is_left_out_and_told()
    {
        var pass = new RemoveProbabilities("logits");
        var plain = Graph((s, x) => Linear(s["fc"], x.Mean(2, 3), 3));
        Assert.Equal(plain.ToString(), Swept(pass.Apply(Graph((s, x) => Linear(s["fc"], x.Mean(2, 3), 3).Softmax(1)))));
        Assert.Equal(["softmax"], pass.Removed);
        Assert.Equal(plain.ToString(), Swept(pass.Apply(Graph((s, x) => Linear(s["fc"], x.Mean(2, 3), 3).Softmax(1).Log()))));
        Assert.Equal(["log", "softmax"], pass.Removed);
        Assert.Equal(plain.ToString(), Swept(pass.Apply(Graph((s, x) => Linear(s["fc"], x.Mean(2, 3), 3).Sigmoid()))));
        Assert.Equal(plain.ToString(), Swept(pass.Apply(plain)));
        Assert.Empty(pass.Removed);
    }

    private static string Swept(Graph graph) => new PassDriver().Run(graph, new EliminateDeadNodes()).ToString();

    private static Value Linear(Scope s, Value x, int classes) =>
        x.MatMul(s.Parameter("weight", new Shape(classes, x.Shape[1]), Initializer.FanInUniform), transposeB: true)
            .Plus(s.Parameter("bias", new Shape(classes), Initializer.Zeros));

    private static Graph Graph(Func<Scope, Value, Value> head)
    {
        var graph = new Graph("net");
        var (s, x) = (new Scope(graph), graph.Input("input", TensorType.F32(2, 3, 6, 6)));
        x = x.Conv2d(s["conv"].Parameter("weight", new Shape(4, 3, 3, 3), Initializer.KaimingFanIn), Window2d.Of(1, 1)).Relu();
        graph.Output("logits", head(s, x));
        return graph;
    }
}
