using Fovea.Tensors;
using Fovea.Training.RateFinding;

namespace Fovea.Training.Tests.RateFinding;

/// <summary>Advice from made curves: what they are without noise is known.</summary>
public class RateAdviceTests
{
    private static readonly RateRange s_range = new();

    /// <summary>A curve over 1e-7 to 10: losses by the exponent of the rate, with normal noise, smoothed as a test smooths them.</summary>
    private static RateCurve Curve(Func<double, double> loss, double noise, ulong seed, RateRange? range = null)
    {
        range ??= s_range;
        var (draws, points, average, weight) = (new Philox(17, seed), new List<RatePoint>(), 0.0, 0.0);
        for (var step = 0; step < range.Steps; step++)
        {
            var rate = range.RateAt(step);
            var value = loss(Math.Log10(rate)) + (noise * draws.Normal((ulong)step));
            average = (range.Smoothing * average) + ((1 - range.Smoothing) * value);
            weight = (range.Smoothing * weight) + (1 - range.Smoothing);
            points.Add(new(step, rate, rate, value, average / weight));
        }

        return new(range, points, RateCurveEnd.Completed);
    }

    private static double Flat(double exponent) => 2.3;

    /// <summary>2.3 up to about 1e-3, then down to 1.1, and up again from 0.3 on.</summary>
    private static double Falling(double exponent) =>
        2.3 - (1.2 / (1 + Math.Exp(-4 * (exponent + 2)))) + (exponent < -0.5 ? 0 : 3 * Math.Pow(exponent + 0.5, 2));

    [Fact]
    public void A_curve_of_noise_alone_suggests_nothing()
    {
        for (var seed = 0UL; seed < 40; seed++)
        {
            var advice = Curve(Flat, noise: 0.1, seed).Advise();
            Assert.True(advice.Take is null, $"seed {seed}: {advice.Take}");
            Assert.All(advice.Rules, rule => Assert.False(rule.Counts));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.02)]
    [InlineData(0.1)]
    public void The_rate_to_take_lies_on_the_fall_whatever_the_noise(double noise)
    {
        for (var seed = 0UL; seed < 40; seed++)
        {
            var advice = Curve(Falling, noise, seed).Advise();
            Assert.True(advice.Take is >= 1e-3 and <= 0.3, $"seed {seed}: {advice.Take}");
            Assert.Contains(advice.Rules, rule => rule.Counts && rule.Rate == advice.Take);
        }
    }

    [Fact]
    public void A_rate_below_the_lowest_that_was_tried_is_left_out()
    {
        // The least loss is at the first points that are judged.
        var curve = Curve(exponent => exponent < -6.1 ? 3 + (2 * (-6.1 - exponent)) : 3 + (exponent + 6.1), noise: 0, seed: 0, s_range with { Smoothing = 0 });
        var rule = curve.Advise().Rules.Single(rule => rule.Kind == RateRuleKind.MinimumTenth);
        Assert.Equal((false, false), (rule.IsTried, rule.Counts));
        Assert.True(rule.Rate < 1.01e-7, $"{rule.Rate}");
    }

    [Fact]
    public void Where_rules_disagree_by_more_than_ten_times_the_curve_is_rough_and_the_middle_one_is_taken()
    {
        RatePoint[] points =
        [
            .. Enumerable.Range(0, 100).Select(step => (Step: step, Rate: s_range.RateAt(step)))
                .Select(at => new RatePoint(at.Step, at.Rate, at.Rate, Stairs(at.Step), Stairs(at.Step))),
        ];
        var advice = new RateCurve(s_range, points, RateCurveEnd.Completed).Advise();
        double[] rates = [.. advice.Rules.Where(rule => rule.Counts).Select(rule => rule.Rate).Order()];
        Assert.Equal(3, rates.Length);
        Assert.True(advice.IsRough);
        Assert.Equal(rates[2] / rates[0], advice.Disagreement, 1e-9 * advice.Disagreement);
        Assert.Equal(rates[1], advice.Take);

        // A cliff early, and then a long gentle slope.
        static double Stairs(int step) => (step < 20 ? 3 : 2) - (0.01 * step);
    }

    [Fact]
    public void Rules_that_agree_give_the_valley()
    {
        var advice = Curve(Falling, noise: 0, seed: 0, s_range with { Smoothing = 0 }).Advise();
        Assert.All(advice.Rules, rule => Assert.True(rule.Counts, $"{rule}"));
        Assert.Equal(advice.IsRough ? advice.Rules.Select(rule => rule.Rate).Order().ElementAt(1) : advice.Rules[0].Rate, advice.Take);
    }

    [Fact]
    public void The_steepest_fall_in_the_noise_before_the_curve_falls_is_left_out()
    {
        var (left, wild) = (0, 0);
        for (var seed = 0UL; seed < 60; seed++)
        {
            var rule = Curve(Falling, noise: 0.5, seed).Advise().Rules.Single(rule => rule.Kind == RateRuleKind.Steepest);
            if (rule.Rate > 1e-3) continue;
            wild++;
            if (!rule.Counts) left++;
        }

        Assert.True(wild >= 10, $"{wild} of 60 curves are noisy enough for the test");
        Assert.True(left >= 0.9 * wild, $"{left} of {wild}");
    }
}
