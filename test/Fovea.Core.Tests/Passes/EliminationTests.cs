using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public class EliminationTests
{
    [Fact]
    public void What_no_output_and_no_update_reads_is_left_out_and_variables_stay()
    {
        const string Before = """
            graph "g"
            %0 = input "x" fill(0) : f32[2]
            %1 = parameter "unused" fill(1) : f32[3]
            %2 = state "mean" fill(0) : f32[2]
            %3 = exp %0 : f32[2]
            %4 = relu %3 : f32[2]
            %5 = blend %2, %3 {alpha=0.9 beta=0.1} : f32[2]
            %6 = square %4 : f32[2]
            output "y" %3
            update %2 %5

            """;
        const string After = """
            graph "g"
            %0 = input "x" fill(0) : f32[2]
            %1 = parameter "unused" fill(1) : f32[3]
            %2 = state "mean" fill(0) : f32[2]
            %3 = exp %0 : f32[2]
            %4 = blend %2, %3 {alpha=0.9 beta=0.1} : f32[2]
            output "y" %3
            update %2 %4

            """;
        Assert.Equal(After, Rewriting.Of(Before, new EliminateDeadNodes()));
        Assert.Equal(After, Rewriting.Of(After, new EliminateDeadNodes()));
    }

    [Fact]
    public void Updates_that_are_not_kept_go_and_those_that_are_stay()
    {
        const string Before = """
            graph "g"
            %0 = input "x" fill(0) : f32[2]
            %1 = state "a" fill(0) : f32[2]
            %2 = state "b" fill(0) : f32[2]
            %3 = exp %0 : f32[2]
            %4 = square %0 : f32[2]
            output "y" %3
            update %1 %3
            update %2 %4

            """;
        const string After = """
            graph "g"
            %0 = input "x" fill(0) : f32[2]
            %1 = state "a" fill(0) : f32[2]
            %2 = state "b" fill(0) : f32[2]
            %3 = exp %0 : f32[2]
            output "y" %3
            update %1 %3

            """;
        Assert.Equal(After, Rewriting.Of(Before, new KeepUpdates(variable => variable.Label == "a")));
        Assert.Equal(After, Rewriting.Of(After, new KeepUpdates(variable => variable.Label == "a")));
        Assert.Equal(Before, Rewriting.Of(Before, new KeepUpdates(_ => true)));
    }

    [Fact]
    public void Equal_operations_on_equal_inputs_are_computed_once()
    {
        const string Before = """
            graph "g"
            %0 = input "x" fill(0) : f32[2]
            %1 = constant {type=f32 shape=scalar fill=2} : f32[]
            %2 = constant {type=f32 shape=scalar fill=2} : f32[]
            %3 = multiply %0, %1 : f32[2]
            %4 = multiply %0, %2 : f32[2]
            %5 = affine %4 {alpha=1 beta=0.5} : f32[2]
            %6 = affine %3 {alpha=1 beta=0.5} : f32[2]
            %7 = affine %3 {alpha=1 beta=0.25} : f32[2]
            %8 = subtract %5, %7 : f32[2]
            %9 = subtract %7, %6 : f32[2]
            output "a" %8
            output "b" %9

            """;
        const string After = """
            graph "g"
            %0 = input "x" fill(0) : f32[2]
            %1 = constant {type=f32 shape=scalar fill=2} : f32[]
            %2 = multiply %0, %1 : f32[2]
            %3 = affine %2 {alpha=1 beta=0.5} : f32[2]
            %4 = affine %2 {alpha=1 beta=0.25} : f32[2]
            %5 = subtract %3, %4 : f32[2]
            %6 = subtract %4, %3 : f32[2]
            output "a" %5
            output "b" %6

            """;
        Assert.Equal(After, Rewriting.Of(Before, new EliminateCommonSubexpressions()));
        Assert.Equal(After, Rewriting.Of(After, new EliminateCommonSubexpressions()));
    }

    [Fact]
    public void Dropouts_of_different_streams_are_different()
    {
        var graph = new Graph("g");
        var (x, step) = (graph.Input("x", TensorType.F32(2)), graph.Input("step", new TensorType(DType.Int32, new Shape(1))));
        for (var stream = 0UL; stream < 2; stream++) graph.Output($"y{stream}", x.RandomDropout(step, 0.5, 1, stream));
        Assert.Equal(graph.ToString(), new EliminateCommonSubexpressions().Apply(graph).ToString());
    }
}
