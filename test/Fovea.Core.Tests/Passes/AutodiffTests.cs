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
        // The norm with running statistics has no gradient, and needs none for w.
        var graph = new Graph("g");
        var (x, c) = (graph.Input("x", TensorType.F32(2, 3)), graph.Input("c", TensorType.F32(3)));
        var w = graph.Parameter("w", new Shape(3), Initializer.Ones);
        Assert.NotNull(Autodiff.Gradients(x.BatchNorm(c, c, c, c).Times(w).Sum(), [w])[0]);
        Assert.Equal(
            "batch_norm: running statistics are not differentiated; build the training graph first (EnterTraining)",
            Assert.Throws<NotDifferentiableException>(() => Autodiff.Gradients(x.BatchNorm(c, c, c, c).Sum(), [x])).Message);
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
