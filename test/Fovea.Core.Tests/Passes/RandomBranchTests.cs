using Fovea.Execution;
using Fovea.Graphs;
using Fovea.Ops;
using Fovea.Passes;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Passes;

public class RandomBranchTests
{
    private const int Images = 16;
    private const int Steps = 1000;

    [Fact]
    public void Drop_path_drops_single_images_and_keeps_the_mean()
    {
        var factors = Draw(x => x.DropPath(0.25));
        Assert.All(factors, step => Assert.All(step, factor => Assert.True(factor is 0 or (> 1.333 and < 1.334))));
        HasMoments(factors, mean: 1, variance: 0.25 / 0.75);
        Assert.Contains(factors, step => step.Distinct().Count() == 2);
    }

    [Fact]
    public void Stochastic_depth_drops_whole_batches_without_scaling()
    {
        var factors = Draw(x => x.StochasticDepth(0.7));
        Assert.All(factors, step => Assert.True(step.Distinct().Single() is 0 or 1));
        HasMoments(factors, mean: 0.7, variance: 0.21, draws: Steps);
    }

    [Fact]
    public void Shake_drop_disturbs_what_does_not_survive_by_another_factor_for_each_image()
    {
        var factors = Draw(x => x.ShakeDrop(0.5));
        var disturbed = factors.Where(step => Array.Exists(step, factor => factor != 1)).ToArray();
        Assert.All(disturbed, step => Assert.True(step.Distinct().Count() > 1));
        Assert.InRange(disturbed.Length, 450, 550);
        HasMoments(disturbed, mean: 0, variance: 1.0 / 3);
        HasMoments(factors, mean: 0.5, variance: 0.25 + (0.5 / 3), draws: Steps);
    }

    [Fact]
    public void Shake_drop_goes_back_by_factors_of_its_own_where_it_did_not_survive()
    {
        var (forward, backward) = (Draw(x => x.ShakeDrop(0.5)), Draw(x => x.ShakeDrop(0.5), backward: true));
        for (var step = 0; step < Steps; step++) Assert.Equal(forward[step].All(factor => factor == 1), backward[step].All(factor => factor == 1));
        HasMoments(backward.Where(step => step[0] != 1).ToArray(), mean: 0.5, variance: 1.0 / 12);
    }

    [Theory]
    [InlineData(ShakeMode.None)]
    [InlineData(ShakeMode.Forward)]
    [InlineData(ShakeMode.Backward)]
    [InlineData(ShakeMode.Both)]
    public void Shake_shake_draws_in_the_passes_of_its_mode_and_the_weights_of_both_branches_add_to_1(ShakeMode mode)
    {
        Value Build(Value x, double first) => x.Times(first).ShakeShake(x.Times(1 - first), mode);
        double[][] Factors(double first, bool backward) => Draw(x => Build(x, first), backward);
        foreach (var (backward, flag) in new[] { (false, ShakeMode.Forward), (true, ShakeMode.Backward) })
        {
            var (a, b) = (Factors(1, backward), Factors(0, backward));
            for (var step = 0; step < Steps; step++)
                for (var n = 0; n < Images; n++) Assert.Equal(1, a[step][n] + b[step][n], 1e-6);
            if (mode.HasFlag(flag)) HasMoments(a, mean: 0.5, variance: 1.0 / 12);
            else Assert.All(a, step => Assert.All(step, factor => Assert.Equal(0.5, factor)));
        }
    }

    [Fact]
    public void Shake_shake_goes_back_by_weights_that_are_independent_of_those_forward()
    {
        Value Build(Value x) => x.ShakeShake(x.Times(0));
        var (forward, backward) = (Draw(Build), Draw(Build, backward: true));
        var covariance = forward.Zip(backward).Sum(steps => steps.First.Zip(steps.Second).Sum(pair => (pair.First - 0.5) * (pair.Second - 0.5)));
        Assert.Equal(0, covariance / (Images * Steps), 5.0 / 12 / Math.Sqrt(Images * Steps));
    }

    [Fact]
    public void Shake_shake_of_whole_batches_draws_once_a_step()
    {
        var factors = Draw(x => x.ShakeShake(x.Times(0), ShakeMode.Both, perImage: false));
        Assert.All(factors, step => Assert.Single(step.Distinct()));
        HasMoments(factors, mean: 0.5, variance: 1.0 / 12, draws: Steps);
    }

    [Fact]
    public void Factors_follow_from_seed_step_and_name_and_not_from_what_else_the_model_has()
    {
        Assert.Equal(Draw(x => x.DropPath(0.5))[7], Draw(x => x.DropPath(0.5))[7]);
        Assert.NotEqual(Draw(x => x.DropPath(0.5))[7], Draw(x => x.DropPath(0.5))[8]);
        Assert.NotEqual(Draw(x => x.DropPath(0.5))[7], Draw(x => x.DropPath(0.5), seed: 2)[7]);
        Assert.Equal(Draw(x => x.DropPath(0.5))[7], Draw(x => x.Relu().DropPath(0.5))[7]);
        Assert.NotEqual(Draw(x => x.DropPath(0.5))[7], Draw(x => new[] { x.DropPath(0.5), x.DropPath(0.5) }[1])[7]);
    }

    [Fact]
    public void Without_randomness_branches_are_what_the_fixtures_say_and_in_evaluation_what_the_papers_say()
    {
        var graph = new Graph("g");
        var x = graph.Input("x", TensorType.F32(1, 1));
        Value[] ys = [x.DropPath(0.5), x.Dropout(0.5), x.StochasticDepth(0.8), x.ShakeDrop(0.6), x.ShakeShake(x.Times(3)), x.ShakeDrop(0.5, new(0, 1))];
        for (var i = 0; i < ys.Length; i++) graph.Output($"y{i}", ys[i]);
        var settled = new PassDriver().Run(graph, new SettleRandomness(), new EnterTraining());
        Assert.Null(settled.Find(EnterTraining.StepInput));
        Assert.Equal([1, 1, 1, 0.6, 2, 0.75], Run(settled));
        Assert.Equal([1, 1, 0.8, 0.6, 2, 0.75], Run(graph));
        Assert.Equal([1, 1, 0.8, 0.6, 2, 0.75], Run(new PassDriver().Run(graph, new RemoveTrainingOnly())));

        static double[] Run(Graph graph)
        {
            var values = Interpreter.Run(graph, _ => new OracleTensor(new Shape(1, 1), [1]));
            return [.. graph.Outputs.Select(output => Math.Round(values[output.Value].Elements[0], 12))];
        }
    }

    [Fact]
    public void A_branch_that_always_survives_draws_nothing()
    {
        var graph = new Graph("g");
        var x = graph.Input("x", TensorType.F32(2, 3));
        graph.Output("y", x.Graph.Add(new ShakeDrop(1, new(-1, 1), new(0, 1)), x.DropPath(0).StochasticDepth(1)));
        Assert.Null(new PassDriver().Run(graph, new EnterTraining()).Find(EnterTraining.StepInput));
    }

    /// <summary>For many steps, the factor by which each image, or the gradient of its sum, comes out.</summary>
    private static double[][] Draw(Func<Value, Value> branch, bool backward = false, ulong seed = 1)
    {
        var graph = new Graph("g");
        var x = graph.Input("x", TensorType.F32(Images, 1));
        graph.Output("y", branch(x));
        var training = new PassDriver().Run(graph, new EnterTraining(seed));
        var y = training.Output("y");
        if (backward) y = Autodiff.Gradients(y.Sum(), [training.Variable("x")])[0]!;
        training.Output("factor", y);
        var ones = new OracleTensor(new Shape(Images, 1), [.. Enumerable.Repeat(1.0, Images)]);
        return
        [
            .. Enumerable.Range(0, Steps).Select(step => Interpreter.Run(
                training, variable => variable.Label == "x" ? ones : new OracleTensor(new Shape(1), [step]))[y].Elements),
        ];
    }

    /// <summary>Five standard errors of the mean; the variance within a tenth.</summary>
    private static void HasMoments(double[][] factors, double mean, double variance, int? draws = null)
    {
        var all = factors.SelectMany(step => step).ToArray();
        Assert.Equal(mean, all.Average(), 5 * Math.Sqrt(variance / (draws ?? all.Length)));
        Assert.Equal(variance, all.Average(factor => (factor - mean) * (factor - mean)), variance / 10);
    }
}
