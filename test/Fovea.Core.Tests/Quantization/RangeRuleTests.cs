using Fovea.Quantization;
using Fovea.Quantization.Ranges;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Quantization;

/// <summary>What is counted of activations, and which of them are told apart.</summary>
public sealed class RangeRuleTests
{
    private const int Levels = 256;

    [Fact]
    public void A_histogram_grows_without_losing_a_number()
    {
        var numbers = new ValueHistogram();
        numbers.Add([0, 0, 0]);
        Assert.Equal((0, 0, 0.0), (numbers.Least, numbers.Greatest, numbers.Width));
        numbers.Add([0.5f, -0.25f]);
        numbers.Add([100, -3, float.NaN, float.PositiveInfinity]);
        Assert.Equal((-3, 100, 9, 2), (numbers.Least, numbers.Greatest, numbers.Count, numbers.NonFinite));
        Assert.Equal(128.0 / ValueHistogram.Half, numbers.Width);
        Assert.Equal(7, numbers.Counts.ToArray().Sum());
        foreach (var (number, count) in new[] { (0.0, 3), (0.5, 1), (-0.25, 1), (100, 1), (-3, 1) })
        {
            var bin = (int)Math.Floor(number / numbers.Width) + ValueHistogram.Half;
            Assert.Equal(count, numbers.Counts[bin]);
            Assert.InRange(number - numbers.Middle(bin), -numbers.Width / 2, numbers.Width / 2);
        }
    }

    [Fact]
    public void Counts_do_not_depend_on_how_numbers_arrive()
    {
        var (once, parts, all) = (new ValueHistogram(), new ValueHistogram(), Normal(4000, scale: 1));
        once.Add(all);
        foreach (var number in all) parts.Add([number]);
        Assert.Equal(once.Counts.ToArray(), parts.Counts.ToArray());
    }

    [Fact]
    public void Extremes_hold_zero_between_them()
    {
        Assert.Equal((0, 5), Of(new MinMaxRange(), [2, 5]));
        Assert.Equal((-5, 0), Of(new MinMaxRange(), [-2, -5]));
        Assert.Equal((-1, 4), Of(new MinMaxRange(), [-1, 4]));
    }

    [Fact]
    public void A_percentile_leaves_out_what_is_rare()
    {
        float[] numbers = [.. Enumerable.Range(0, 10000).Select(i => i / 10000f), 100];
        var (low, high) = Of(new PercentileRange(0.999), numbers);
        Assert.Equal(0, low);
        Assert.InRange(high, 0.98, 1.1);
        Assert.Equal(100, Of(new PercentileRange(1), numbers).High);
    }

    [Fact]
    public void An_outlier_tells_little_and_is_given_up_for_the_rest()
    {
        float[] numbers = [.. Normal(20000, scale: 1), 60];
        Assert.InRange(Of(new EntropyRange(), numbers).High, 2, 30);
    }

    [Fact]
    public void The_least_squared_error_is_that_of_all_parts_that_are_tried()
    {
        float[] numbers = [.. Normal(5000, scale: 1).Select(number => number * number * number)];
        var (low, high) = Of(new SquaredErrorRange(), numbers);
        double Error(double factor) => numbers.Sum(number =>
        {
            var held = TensorQuantization.Asymmetric(low * factor, high * factor);
            var difference = number - held.Fractions(held.Integers(HostTensor.Of(new Shape(1), [number]))).Floats[0];
            return (double)difference * difference;
        });
        Assert.All([0.5, 0.8, 1.25, 2], factor => Assert.True(Error(1) <= Error(factor) * 1.01));
    }

    [Fact]
    public void Every_rule_answers_for_numbers_that_are_all_the_same()
    {
        foreach (var (name, rule) in RangeRule.Kinds)
        {
            Assert.Equal((0, 0), Of(rule, [0, 0]));
            var (low, high) = Of(rule, [3, 3, 3]);
            Assert.True(low == 0 && high is > 0 and <= 3, $"{name}: {low} to {high}");
        }
    }

    private static (double Low, double High) Of(RangeRule rule, float[] numbers)
    {
        var histogram = new ValueHistogram();
        histogram.Add(numbers);
        return rule.Of(histogram, Levels);
    }

    private static float[] Normal(int count, double scale)
    {
        var draws = new Philox(3, 5);
        return [.. Enumerable.Range(0, count).Select(i => (float)(scale * draws.Normal((ulong)i)))];
    }
}
