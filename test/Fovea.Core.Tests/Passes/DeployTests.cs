using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public class DeployTests
{
    [Fact]
    public void Folded_model_computes_the_same_and_holds_only_what_it_reads()
    {
        var model = Model();
        var weights = Weights.OfAll(model);
        var folded = Deploy.Fold(model, weights);
        Assert.Equal(["stem.weight", "stem.bias", "fc.weight"], folded.Weights.Keys);
        var declared = folded.Graph.Variables.Select(value => value.Variable!).Where(variable => variable.Kind != VariableKind.Input);
        Assert.Equal(folded.Weights.Keys, declared.Select(variable => variable.Label));
        Assert.Equal(weights["fc.weight"].Floats.ToArray(), folded.Weights["fc.weight"].Floats.ToArray());
        Assert.DoesNotContain(folded.Graph.Nodes, node => node.Op is BatchNorm or Dropout or Named);
        Weights.Close(Weights.Run(model, weights: weights), Weights.Run(folded.Graph, weights: folded.Weights), relative: 1e-6);
        Assert.Equal(GraphPrinter.Print(Deploy.Structure(model)), GraphPrinter.Print(folded.Graph));
    }

    [Fact]
    public void Probes_show_every_folded_block_before_and_after()
    {
        var model = Model();
        var folded = Deploy.Fold(model, Weights.OfAll(model));
        Assert.Equal(["stem"], folded.Blocks);
        var before = Weights.Run(folded.Before, "stem");
        Weights.Close(before, Weights.Run(folded.After, "stem", folded.Weights), relative: 1e-6);
        Assert.Equal(Weights.Run(model), Weights.Run(folded.Before));
        Assert.Equal(["y"], folded.Graph.Outputs.Select(output => output.Name));
    }

    [Fact]
    public void Missing_weight_is_named()
    {
        var model = Model();
        var weights = Weights.OfAll(model);
        weights.Remove("bn.running_var");
        Assert.Equal("the weight 'bn.running_var' is missing; wanted f32[4]", Assert.Throws<GraphException>(() => Deploy.Fold(model, weights)).Message);
    }

    [Fact]
    public void Weight_of_another_shape_is_named()
    {
        var model = Model();
        var weights = Weights.OfAll(model);
        weights["fc.weight"] = new HostTensor(TensorType.F32(3, 3));
        Assert.Equal("the weight 'fc.weight' is f32[3, 3]; wanted f32[5, 4]", Assert.Throws<GraphException>(() => Deploy.Fold(model, weights)).Message);
    }

    [Fact]
    public void Dropout_is_left_out_and_nothing_else()
    {
        var graph = new Graph("drop");
        graph.Output("y", graph.Input("x", TensorType.F32(2, 3)).Dropout(0.5).Relu());
        var after = new RemoveTrainingOnly().Apply(graph);
        Assert.Equal(["input", "relu"], after.Nodes.Select(node => node.Op.Name));
    }

    private static Graph Model()
    {
        var graph = new Graph("model");
        var c = new Shape(4);
        var x = graph.Input("x", TensorType.F32(2, 3, 6, 6));
        var y = x.Conv2d(graph.Parameter("stem.weight", new Shape(4, 3, 3, 3), Initializer.Zeros), Window2d.Of(padding: 1));
        y = y.BatchNorm(
            graph.Parameter("bn.weight", c, Initializer.Zeros), graph.Parameter("bn.bias", c, Initializer.Zeros),
            graph.State("bn.running_mean", c, Initializer.Zeros), graph.State("bn.running_var", c, Initializer.Zeros));
        var features = y.Relu().GlobalAveragePool().Dropout(0.2).Flatten();
        graph.Output("y", features.MatMul(graph.Parameter("fc.weight", new Shape(5, 4), Initializer.Zeros), transposeB: true));
        return graph;
    }
}
