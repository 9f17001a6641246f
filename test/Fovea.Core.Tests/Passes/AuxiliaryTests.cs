using Fovea.Analysis;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public class AuxiliaryTests
{
    private const string Model = """
        graph "g"
        %0 = input "x" fill(0) : f32[2, 3]
        %1 = parameter "w" fill(1) : f32[3]
        %2 = relu %0 : f32[2, 3]
        %3 = multiply %2, %1 : f32[2, 3]
        output "logits" %2
        auxiliary "side" %3 0.3

        """;

    [Fact]
    public void Auxiliary_becomes_an_output_of_the_training_form()
    {
        const string Training = """
            graph "g"
            %0 = input "x" fill(0) : f32[2, 3]
            %1 = parameter "w" fill(1) : f32[3]
            %2 = relu %0 : f32[2, 3]
            %3 = multiply %2, %1 : f32[2, 3]
            output "logits" %2
            output "side" %3
            auxiliary "side" %3 0.3

            """;
        Assert.Equal(Training, Rewriting.Of(Model, new EnterTraining()));
        Assert.Equal(Training, Rewriting.Of(Training, new EnterTraining(), new EliminateDeadNodes()));
    }

    [Fact]
    public void Passes_before_training_keep_it() => Assert.Equal(Model, Rewriting.Of(Model, new RemoveTrainingOnly()));

    [Fact]
    public void Elimination_leaves_it_out_with_what_computes_it() =>
        Assert.Equal(
            """
            graph "g"
            %0 = input "x" fill(0) : f32[2, 3]
            %1 = parameter "w" fill(1) : f32[3]
            %2 = relu %0 : f32[2, 3]
            output "logits" %2

            """,
            Rewriting.Of(Model, new EliminateDeadNodes()));

    [Fact]
    public void Work_of_an_auxiliary_does_not_count() => Assert.Equal("relu", Assert.Single(CostAnalysis.Of(GraphParser.Parse(Model)).Nodes).Op);

    [Fact]
    public void Weight_that_is_not_above_zero_a_second_of_that_name_and_a_foreign_value_are_refused()
    {
        var graph = new Graph("g");
        var y = graph.Input("x", TensorType.F32(1)).Relu();
        graph.Auxiliary("side", y, lossWeight: 1);
        Assert.Contains("is 0; wanted above 0", Assert.Throws<GraphException>(() => graph.Auxiliary("other", y, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("already has", Assert.Throws<GraphException>(() => graph.Auxiliary("side", y, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("another graph", Assert.Throws<GraphException>(() => new Graph("h").Auxiliary("side", y, 1)).Message, StringComparison.Ordinal);
    }
}
