using Fovea.Training.Optimizers;
using Fovea.Training.RateFinding;
using Fovea.Training.Recipes;
using Fovea.Training.Schedules;
using Fovea.Training.State;

namespace Fovea.Training.Tests.RateFinding;

public class RateFinderTests
{
    private static readonly RateRange s_short = new() { Lowest = 1e-4, Highest = 1, Steps = 12 };

    public static TheoryData<string> Rules => [.. OptimizerOptions.Kinds.Select(rule => rule.Kind)];

    private static RateCurve Run(TrainerOptions options, RateRange range) =>
        RateFinder.Run(options, range, stop: TestContext.Current.CancellationToken);

    /// <summary>The named test of the range test's curve: the loss of a quadratic is known step by step, and so is the stable limit 2/L.</summary>
    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(0.05, false)]
    public void The_curve_of_a_quadratic_falls_up_to_two_over_its_curvature_and_rises_beyond(double curvature, bool isLinear)
    {
        var range = new RateRange { Lowest = 1.6 / curvature, Highest = 3 / curvature, Steps = 25, IsLinear = isLinear, Smoothing = 0 };
        var curve = Run(new Quadratic(curvature).Options, range);
        var expected = curve.Points[0].Loss;
        foreach (var (t, point) in curve.Points.Index())
        {
            Assert.Equal(expected, point.Loss, 2e-5 * expected);
            Assert.Equal(range.RateAt(t), point.LearningRate, 1e-12 * point.LearningRate);
            expected *= Math.Pow(1 - (point.LearningRate * curvature), 2);
        }

        var lowest = curve.Points.MinBy(point => point.Loss);
        var limit = 2 / curvature;
        Assert.InRange(limit, curve.Points[lowest.Step - 1].LearningRate, lowest.LearningRate);
        Assert.Equal(RateCurveEnd.Diverged, curve.End);
        Assert.True(curve.Points[^1].Loss > 4 * lowest.Loss);
        Assert.All(curve.Points.SkipLast(1).Skip(lowest.Step), point => Assert.True(point.Loss <= 4 * lowest.Loss));
    }

    [Fact]
    public void Losses_are_smoothed_by_the_average_that_is_corrected_for_its_start()
    {
        var curve = Run(Runs.Options(Runs.Recipe()), s_short with { Smoothing = 0.9 });
        var average = 0.0;
        foreach (var (t, point) in curve.Points.Index())
        {
            average = (0.9 * average) + (0.1 * point.Loss);
            Assert.Equal(average / (1 - Math.Pow(0.9, t + 1)), point.SmoothedLoss, 1e-12);
        }
    }

    [Fact]
    public void Rates_rise_by_a_factor_or_by_a_difference_from_the_lowest_to_the_highest()
    {
        var range = new RateRange { Lowest = 1e-3, Highest = 10, Steps = 13 };
        Assert.Equal([1e-3, 1e-1, 1e1], new[] { 0, 6, 12 }.Select(step => Math.Round(range.RateAt(step), 12)));
        Assert.Equal(5.0005, (range with { IsLinear = true }).RateAt(6), 1e-12);
        Assert.Equal(10, range.RateAt(99), 1e-12);
    }

    /// <summary>Twelve steps are two epochs of the run, and its parts would thaw after one.</summary>
    [Fact]
    public void What_is_frozen_when_a_run_begins_stays_so_however_long_the_test_is()
    {
        FreezeOptions[] thawing =
        [
            new() { Names = [FreezeOptions.Backbone], Epochs = 1 },
            new() { Names = [FreezeOptions.Backbone], Thaw = [new() { After = 1, Names = ["bn"] }] },
        ];
        RateCurve With(FreezeOptions freeze) => Run(Runs.Options(Runs.Recipe() with { Freeze = freeze }), s_short);
        var frozen = With(new() { Names = [FreezeOptions.Backbone] }).Points.Select(point => point.Loss).ToArray();
        Assert.Equal(12, frozen.Length);
        Assert.All(thawing, freeze => Assert.Equal(frozen, With(freeze).Points.Select(point => point.Loss)));
        Assert.NotEqual(frozen, With(new()).Points.Select(point => point.Loss));
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_the_curve()
    {
        var curve = Run(new Quadratic(3e15).Options, new() { Lowest = 1e-20, Highest = 1e6, Steps = 10, IsLinear = true });
        Assert.Equal(RateCurveEnd.NotFinite, curve.End);
        Assert.InRange(curve.Points.Count, 1, 2);
        Assert.All(curve.Points, point => Assert.True(double.IsFinite(point.SmoothedLoss)));
    }

    [Fact]
    public void A_loss_that_is_not_finite_from_the_start_is_an_error()
    {
        var error = Assert.Throws<TrainingException>(() => Run(new Quadratic(1e39).Options, s_short));
        Assert.Contains("the loss is", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_rule_has_a_curve_which_follows_from_the_seed(string kind)
    {
        var rule = OptimizerOptions.Kinds.Single(rule => rule.Kind == kind);
        var options = Runs.Options(Runs.Recipe(optimizer: rule));
        var curve = Run(options, s_short);
        Assert.True(curve.End == RateCurveEnd.Diverged || curve.Points.Count == 12, $"{curve.Points.Count} points");
        Assert.Equal(curve.Points, Run(options, s_short).Points);
        var other = options.Recipe with { Train = options.Recipe.Train with { Seed = 8 } };
        Assert.NotEqual(curve.Points[0].Loss, Run(options with { Recipe = other }, s_short).Points[0].Loss);
    }

    [Fact]
    public void With_the_linear_rule_the_rate_is_that_which_the_recipe_takes()
    {
        var scaled = Run(Runs.Options(Runs.Recipe(optimizer: new SgdOptions { LearningRate = 0.3, LinearRuleBatch = 2 }, accumulate: 2)), s_short);
        var plain = Run(
            Runs.Options(Runs.Recipe(optimizer: new SgdOptions(), accumulate: 2)), s_short with { Lowest = 4 * s_short.Lowest, Highest = 4 * s_short.Highest });
        Assert.Equal(s_short.Lowest, scaled.Points[0].LearningRate, 1e-15);
        foreach (var (ours, theirs) in scaled.Points.Zip(plain.Points))
        {
            Assert.Equal(4 * ours.LearningRate, ours.AppliedRate, 1e-9 * ours.AppliedRate);
            Assert.Equal(theirs.LearningRate, ours.AppliedRate, 1e-9 * ours.AppliedRate);
            Assert.Equal(theirs.Loss, ours.Loss, 1e-4 * ours.Loss);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_test_of_more_steps_than_an_epoch_has_goes_on_in_the_next(int accumulate)
    {
        var curve = Run(Runs.Options(Runs.Recipe(epochs: 1, accumulate: accumulate)), s_short with { Steps = 23, Highest = 1e-3 });
        Assert.Equal((23, RateCurveEnd.Completed), (curve.Points.Count, curve.End));
        Assert.Equal(1e-3, curve.Points[^1].LearningRate, 1e-15);
    }

    [Fact]
    public void The_schedule_of_the_recipe_and_its_averages_have_no_part_in_it()
    {
        var recipe = Runs.Recipe();
        var plain = recipe with { Schedule = new ConstantOptions(), Train = recipe.Train with { EmaDecay = 0 } };
        Assert.Equal(Run(Runs.Options(plain), s_short).Points, Run(Runs.Options(recipe), s_short).Points);
    }

    [Fact]
    public void A_test_that_is_asked_to_stop_stops()
    {
        using var stop = new CancellationTokenSource();
        var told = 0;
        Assert.Throws<OperationCanceledException>(() => RateFinder.Run(Runs.Options(Runs.Recipe()), s_short, _ => Stop(), stop.Token));
        Assert.Equal(3, told);

        void Stop()
        {
            if (++told == 3) stop.Cancel();
        }
    }

    [Theory]
    [InlineData(0.1, 0.1, 100, 0.9, "highest: 0.1; wanted more than lowest, 0.1")]
    [InlineData(0, 1, 100, 0.9, "lowest: 0; wanted above 0")]
    [InlineData(1e-7, 1e7, 100, 0.9, "highest: 10000000; wanted above 0, from 1E-30 to 1000000")]
    [InlineData(1e-7, 1, 9, 0.9, "steps: 9; wanted at least 10")]
    [InlineData(1e-7, 1, 100, 1, "smoothing: 1; wanted at least 0 and below 1")]
    public void A_range_that_cannot_be_is_refused(double lowest, double highest, int steps, double smoothing, string message)
    {
        var range = new RateRange { Lowest = lowest, Highest = highest, Steps = steps, Smoothing = smoothing };
        Assert.Equal(message, Assert.Throws<RecipeException>(() => Run(Runs.Options(Runs.Recipe()), range)).Message);
    }

    [Fact]
    public void Stages_of_image_sizes_are_refused_and_the_recipe_at_one_size_is_tested()
    {
        var recipe = Runs.Recipe();
        recipe = recipe with { Data = new() { Progressive = [new() { Until = 0.5, ImageSize = 4 }] } };
        Assert.Equal(
            "data.progressive: stages, in a range test; wanted none: images of one size, by RateFinder.AtOneSize",
            Assert.Throws<RecipeException>(() => Run(Runs.Options(recipe), s_short)).Message);
        Assert.Equal(12, Run(Runs.Options(RateFinder.AtOneSize(recipe)), s_short with { Highest = 1e-3 }).Points.Count);
    }

    [Fact]
    public void A_recipe_that_stops_early_is_tested_although_nothing_is_evaluated()
    {
        var recipe = Runs.Recipe();
        recipe = recipe with { Train = recipe.Train with { EarlyStop = 1 } };
        Assert.Equal(12, Run(Runs.Options(recipe), s_short with { Highest = 1e-3 }).Points.Count);
    }
}
