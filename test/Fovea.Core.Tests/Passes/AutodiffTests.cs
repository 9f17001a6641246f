using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public class AutodiffTests
{
    [Fact]
    public void Gradients_of_a_value_that_is_read_twice_add_up()
    {
        var graph = new Graph("g");
        var x = graph.Input("x", TensorType.F32());
        var y = x.Square();
        Assert.Equal(6 + 27 - 9, Gradient(y.Plus(y.Times(x)).Minus(x.Times(9)), x, at: 3), 1e-12);
    }

    [Fact]
    public void A_value_that_is_multiplied_by_itself_has_both_gradients()
    {
        var graph = new Graph("g");
        var x = graph.Input("x", TensorType.F32());
        Assert.Equal(10, Gradient(x.Times(x), x, at: 5), 1e-12);
    }

    [Fact]
    public void What_the_loss_does_not_depend_on_has_no_gradient()
    {
        var graph = new Graph("g");
        var (x, w) = (graph.Input("x", TensorType.F32(2)), graph.Parameter("w", new Shape(2), Initializer.Ones));
        var gradients = Autodiff.Gradients(x.Sum(), [x, w]);
        Assert.NotNull(gradients[0]);
        Assert.Null(gradients[1]);
    }

    [Fact]
    public void The_loss_itself_has_the_gradient_1()
    {
        var graph = new Graph("g");
        var x = graph.Input("x", TensorType.F32());
        Assert.Equal(1, Gradient(x, x, at: 3));
    }

    [Fact]
    public void Nodes_between_parameters_and_the_loss_alone_are_differentiated()
    {
        // The gradient of a norm has none itself, and needs none for w.
        var graph = new Graph("g");
        var (x, c) = (graph.Input("x", TensorType.F32(2, 3)), graph.Input("c", TensorType.F32(3)));
        var w = graph.Parameter("w", new Shape(3), Initializer.Ones);
        Value Norm() => graph.AddNode(new BatchNormGradient(0), x, c, c, c, c, x).Results[0];
        Assert.NotNull(Autodiff.Gradients(Norm().Times(w).Sum(), [w])[0]);
        Assert.Equal(
            "batch_norm_gradient: second derivatives of batch normalisation are not defined",
            Assert.Throws<NotDifferentiableException>(() => Autodiff.Gradients(Norm().Sum(), [x])).Message);
    }

    /// <summary>As of a frozen norm before which something trains: y = γ·(x − μ)/√(σ² + ε) + β.</summary>
    [Fact]
    public void A_norm_by_running_statistics_has_the_gradient_of_a_line()
    {
        var graph = new Graph("g");
        Value Channel(string name) => graph.Input(name, TensorType.F32(1));
        var (gamma, beta, mean, variance) = (Channel("gamma"), Channel("beta"), Channel("mean"), Channel("variance"));
        var x = graph.Input("x", TensorType.F32(2, 1));
        var gradients = Autodiff.Gradients(x.BatchNorm(gamma, beta, mean, variance, epsilon: 0).Sum(), [x, gamma, beta, mean, variance]);
        foreach (var (name, i) in new[] { ("dx", 0), ("dgamma", 1), ("dbeta", 2) }) graph.Output(name, gradients[i]!);
        var given = new Dictionary<string, double[]> { ["x"] = [3, 7], ["gamma"] = [6], ["beta"] = [0], ["mean"] = [1], ["variance"] = [4] };
        var run = Interpreter.Run(graph, variable => new OracleTensor(variable.Type.Shape, given[variable.Label]));
        Assert.Equal([3, 3], run[graph.Output("dx")].Elements);
        Assert.Equal([4], run[graph.Output("dgamma")].Elements);
        Assert.Equal([2], run[graph.Output("dbeta")].Elements);
        Assert.Null(gradients[3]);
        Assert.Null(gradients[4]);
    }

    [Fact]
    public void The_gradient_of_more_than_one_number_is_refused()
    {
        var x = new Graph("g").Input("x", TensorType.F32(2));
        Assert.Equal("the gradient is taken of a single number; %0: f32[2] is none", Assert.Throws<ShapeException>(() => Autodiff.Gradients(x, [x])).Message);
    }

    private static double Gradient(Value loss, Value x, double at)
    {
        loss.Graph.Output("dx", Autodiff.Gradients(loss, [x])[0]!);
        return Interpreter.Run(loss.Graph, _ => new OracleTensor(Shape.Scalar, [at]))[loss.Graph.Output("dx")].Scalar;
    }
}
