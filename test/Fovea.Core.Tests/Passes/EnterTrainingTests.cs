using Fovea.Analysis;
using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public class EnterTrainingTests
{
    private const string Norm = """
        graph "g"
        %0 = input "x" fill(0) : f32[2, 3, 2, 2]
        %1 = parameter "bn.weight" fill(1) : f32[3]
        %2 = parameter "bn.bias" fill(0) : f32[3]
        %3 = state "bn.running_mean" fill(0) : f32[3]
        %4 = state "bn.running_var" fill(1) : f32[3]
        %5 = batch_norm %0, %1, %2, %3, %4 {epsilon=1E-05 momentum=0.25} : f32[2, 3, 2, 2]
        output "y" %5

        """;

    [Fact]
    public void Norms_take_the_statistics_of_the_batch_and_update_the_running_ones()
    {
        // 0.2857… is 0.25·8/7: the running variance is unbiased.
        const string After = """
            graph "g"
            %0 = input "x" fill(0) : f32[2, 3, 2, 2]
            %1 = parameter "bn.weight" fill(1) : f32[3]
            %2 = parameter "bn.bias" fill(0) : f32[3]
            %3 = state "bn.running_mean" fill(0) : f32[3]
            %4 = state "bn.running_var" fill(1) : f32[3]
            %5, %6, %7 = batch_norm_training %0, %1, %2 {epsilon=1E-05} : f32[2, 3, 2, 2], f32[3], f32[3]
            %8 = blend %3, %6 {alpha=0.75 beta=0.25} : f32[3]
            %9 = blend %4, %7 {alpha=0.75 beta=0.2857142857142857} : f32[3]
            output "y" %5
            update %3 %8
            update %4 %9

            """;
        Assert.Equal(After, Rewriting.Of(Norm, new EnterTraining()));
        Assert.Equal(After, Rewriting.Of(After, new EnterTraining()));
    }

    [Theory]
    [InlineData("bn.weight", "bn.bias")]
    [InlineData("bn.running_mean")]
    public void Frozen_norms_keep_their_statistics_and_use_them(params string[] named)
    {
        var frozen = FrozenVariables.Of(GraphParser.Parse(Norm), named.Contains);
        Assert.Equal(named.Length == 2 ? 4 : 1, frozen.Count);
        Assert.Equal(Norm, Rewriting.Of(Norm, new EnterTraining { Frozen = frozen }));
        Assert.Equal(Norm, Rewriting.Of(Norm, new EstimateNorms { Frozen = frozen }));
    }

    [Fact]
    public void Norms_of_which_a_part_is_frozen_take_the_statistics_of_the_batch() => Assert.Equal(
        Rewriting.Of(Norm, new EnterTraining()),
        Rewriting.Of(Norm, new EnterTraining { Frozen = FrozenVariables.Of(GraphParser.Parse(Norm), name => name == "bn.weight") }));

    [Fact]
    public void Dropout_becomes_random_with_a_stream_of_its_own_and_one_step_input()
    {
        const string Before = """
            graph "g"
            %0 = input "x" fill(0) : f32[4]
            %1 = dropout %0 {rate=0.5} : f32[4]
            %2 = dropout %1 {rate=0.25} : f32[4]
            %3 = dropout %2 {rate=0} : f32[4]
            output "y" %3

            """;
        var streams = Enumerable.Range(1, 2).Select(i => Philox.Stream("training", $"/dropout/{i}")).ToArray();
        var after = $$"""
            graph "g"
            %0 = input "x" fill(0) : f32[4]
            %1 = input "step" fill(0) : s32[1]
            %2 = random_dropout %0, %1 {rate=0.5 seed=9 stream={{streams[0]}}} : f32[4]
            %3 = random_dropout %2, %1 {rate=0.25 seed=9 stream={{streams[1]}}} : f32[4]
            %4 = dropout %3 {rate=0} : f32[4]
            output "y" %4

            """;
        Assert.Equal(after, Rewriting.Of(Before, new EnterTraining(seed: 9)));
    }

    [Fact]
    public void One_more_random_operation_changes_nobody_elses_draws()
    {
        static HashSet<ulong> Streams(bool more)
        {
            var graph = new Graph("g");
            var scope = new Scope(graph);
            var x = graph.Input("input", new TensorType(DType.Float32, new Shape(2, 3)));
            if (more) x = x.Dropout(0.1);
            for (var block = 0; block < 3; block++)
            {
                var branch = x.Times(scope[block].Parameter("scale", x.Shape, Initializer.Ones));
                if (more && block == 1) branch = branch.Dropout(0.5).DropPath(0.25).Relu();
                x = x.Plus(branch.ShakeDrop(0.5));
                x = x.Plus(x.Dropout(0.2).DropPath(0.5));
            }

            if (more) x = x.ShakeShake(x.Relu());
            graph.Output("logits", x.DropPath(0.5));
            return [.. new EnterTraining(3).Apply(graph).Nodes.Select(node => Drawn(node.Op)).OfType<ulong>()];
        }

        static ulong? Drawn(Op op) => op switch { RandomDropout dropout => dropout.Stream, RandomScale scale => scale.Stream, _ => null };

        var (few, many) = (Streams(more: false), Streams(more: true));
        Assert.Equal(10, few.Count);
        Assert.Equal(14, many.Count);
        Assert.Subset(many, few);
    }

    [Fact]
    public void The_statistics_of_a_step_are_those_that_the_definition_gives()
    {
        var graph = new PassDriver().Run(GraphParser.Parse(Norm), new EnterTraining());
        using var session = new ReferenceBackend().Open();
        using var run = session.Compile(graph);
        var x = Conformance.OpInput.Of(2, 3, 2, 2).Fill;
        var elements = Enumerable.Range(0, 24).Select(i => (float)x.Element(new Philox(1, 1), i, 24)).ToArray();
        run.Fill("x", HostTensor.Of(new Shape(2, 3, 2, 2), elements));
        run.Run();
        for (var c = 0; c < 3; c++)
        {
            double[] channel = [.. elements.Where((_, i) => i / 4 % 3 == c).Select(e => (double)e)];
            var mean = channel.Average();
            var unbiased = channel.Sum(e => (e - mean) * (e - mean)) / 7;
            Assert.Equal(0.25 * mean, session.Read("bn.running_mean").Floats[c], 1e-7);
            Assert.Equal(0.75 + (0.25 * unbiased), session.Read("bn.running_var").Floats[c], 1e-6);
        }
    }

    [Fact]
    public void A_norm_over_a_single_number_keeps_its_biased_variance()
    {
        var text = Norm.Replace("[2, 3, 2, 2]", "[1, 3, 1, 1]", StringComparison.Ordinal);
        Assert.Contains("blend %4, %7 {alpha=0.75 beta=0.25}", Rewriting.Of(text, new EnterTraining()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_norm_that_is_applied_twice_tracks_both_batches_in_their_order()
    {
        const string Twice = """
            graph "g"
            %0 = input "x" fill(0) : f32[2, 3, 2, 2]
            %1 = parameter "bn.weight" fill(1) : f32[3]
            %2 = parameter "bn.bias" fill(0) : f32[3]
            %3 = state "bn.running_mean" fill(0) : f32[3]
            %4 = state "bn.running_var" fill(1) : f32[3]
            %5 = batch_norm %0, %1, %2, %3, %4 {epsilon=1E-05 momentum=0.25} : f32[2, 3, 2, 2]
            %6 = batch_norm %5, %1, %2, %3, %4 {epsilon=1E-05 momentum=0.25} : f32[2, 3, 2, 2]
            output "y" %6

            """;
        var graph = new PassDriver().Run(GraphParser.Parse(Twice), new EnterTraining());
        var mean = graph.Updates.Single(update => update.Variable.Variable!.Label == "bn.running_mean").Next;
        var norms = graph.Nodes.Where(node => node.Op is BatchNormTraining).ToArray();
        Assert.Equal(norms[1].Results[1], mean.Node.Inputs[1]);
        Assert.Equal(norms[0].Results[1], mean.Node.Inputs[0].Node.Inputs[1]);
        Assert.Equal(graph.Variable("bn.running_mean"), mean.Node.Inputs[0].Node.Inputs[0]);
        Assert.Equal(2, graph.Updates.Count);
    }

    /// <summary>1.1428… is 8/7: the variance is unbiased. What is not a norm stays as it is in evaluation.</summary>
    [Fact]
    public void Norms_that_are_estimated_go_a_share_of_the_way_to_the_statistics_of_the_batch()
    {
        const string Estimated = """
            graph "g"
            %0 = input "x" fill(0) : f32[2, 3, 2, 2]
            %1 = parameter "bn.weight" fill(1) : f32[3]
            %2 = parameter "bn.bias" fill(0) : f32[3]
            %3 = state "bn.running_mean" fill(0) : f32[3]
            %4 = state "bn.running_var" fill(1) : f32[3]
            %5, %6, %7 = batch_norm_training %0, %1, %2 {epsilon=1E-05} : f32[2, 3, 2, 2], f32[3], f32[3]
            %8 = input "share" fill(0) : f32[]
            %9 = subtract %6, %3 : f32[3]
            %10 = multiply %9, %8 : f32[3]
            %11 = add %3, %10 : f32[3]
            %12 = affine %7 {alpha=1.1428571428571428 beta=0} : f32[3]
            %13 = subtract %12, %4 : f32[3]
            %14 = multiply %13, %8 : f32[3]
            %15 = add %4, %14 : f32[3]
            output "y" %5
            update %3 %11
            update %4 %15

            """;
        Assert.Equal(Estimated, Rewriting.Of(Norm, new EstimateNorms()));
        Assert.Equal(Estimated, Rewriting.Of(Estimated, new EstimateNorms()));
    }

    /// <summary>Five images in groups of at least two are three and two; running statistics follow one after the other (Hoffer et al. 2017).</summary>
    [Fact]
    public void Ghost_batches_are_normalised_each_by_itself_and_tracked_one_after_the_other()
    {
        var text = Norm.Replace("[2, 3, 2, 2]", "[5, 3, 2, 2]", StringComparison.Ordinal);
        using var session = new ReferenceBackend().Open();
        using var run = session.Compile(new PassDriver().Run(GraphParser.Parse(text), new EnterTraining(ghostBatch: 2)));
        var x = Conformance.OpInput.Of(5, 3, 2, 2).Fill;
        var elements = Enumerable.Range(0, 60).Select(i => (float)x.Element(new Philox(1, 1), i, 60)).ToArray();
        run.Fill("x", HostTensor.Of(new Shape(5, 3, 2, 2), elements));
        run.Run();
        for (var c = 0; c < 3; c++)
        {
            double[] Group(int first, int count) =>
                [.. elements.Where((_, i) => i / 12 >= first && i / 12 < first + count && i / 4 % 3 == c).Select(e => (double)e)];
            double Biased(double[] group) => group.Average(e => (e - group.Average()) * (e - group.Average()));
            var (three, two) = (Group(0, 3), Group(3, 2));
            Assert.Equal((0.75 * 0.25 * three.Average()) + (0.25 * two.Average()), session.Read("bn.running_mean").Floats[c], 1e-7);
            var afterThree = 0.75 + (0.25 * Biased(three) * 12 / 11);
            Assert.Equal((0.75 * afterThree) + (0.25 * Biased(two) * 8 / 7), session.Read("bn.running_var").Floats[c], 1e-6);
            var wanted = (elements[c * 4] - three.Average()) / Math.Sqrt(Biased(three) + 1e-5);
            Assert.Equal(wanted, run.Result("y")[c * 4], 1e-5);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public void Ghost_batches_that_would_hold_the_whole_batch_change_nothing(int ghostBatch) =>
        Assert.Equal(Rewriting.Of(Norm, new EnterTraining()), Rewriting.Of(Norm, new EnterTraining(ghostBatch: ghostBatch)));
}
