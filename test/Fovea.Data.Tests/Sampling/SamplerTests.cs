using Fovea.Data.Sampling;
using Fovea.Options;

namespace Fovea.Data.Tests.Sampling;

/// <summary>Samplers against their formulas.</summary>
public sealed class SamplerTests
{
    /// <summary>Five classes of 100 images, one of them empty.</summary>
    private static readonly int[] s_counts = [60, 25, 0, 12, 3];

    public static TheoryData<Sampler, double[]> Formulas => new()
    {
        { new UniformSampler(), [60, 25, 0, 12, 3] },
        { new ClassBalancedSampler(), [25, 25, 0, 25, 25] },
        { new SquareRootSampler(), Shares(Math.Sqrt) },
        { new PowerSampler(), Shares(n => Math.Pow(n, 0.75)) },
        { new PowerSampler { Exponent = -1 }, Shares(n => 1 / n) },
        { new EffectiveNumberSampler(), Shares(n => n / ((1 - Math.Pow(0.999, n)) / (1 - 0.999))) },
        { new ProgressiveSampler(), [(0.75 * 60) + (0.25 * 25), (0.75 * 25) + (0.25 * 25), 0, (0.75 * 12) + (0.25 * 25), (0.75 * 3) + (0.25 * 25)] },
        { new RepeatFactorSampler { Threshold = 0.2 }, [60, 25, 0, 12 * Math.Sqrt(0.2 / 0.12), 3 * Math.Sqrt(0.2 / 0.03)] },
    };

    [Theory]
    [MemberData(nameof(Formulas))]
    public void A_sampler_takes_as_many_images_of_each_class_as_its_formula_says(Sampler sampler, double[] expected)
    {
        var times = sampler.Times(s_counts, progress: 0.25);
        var places = s_counts.Zip(times, (count, mean) => count * mean).ToArray();
        Assert.All(expected.Zip(places), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        if (sampler.KeepsLength) Assert.Equal(100, places.Sum(), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Formulas))]
    public void Every_epoch_has_the_numbers_of_the_formula_up_to_rounding_and_their_mean_is_exact(Sampler sampler, double[] expected)
    {
        const int epochs = 400;
        var (labels, sum) = (Labels(), new double[s_counts.Length]);
        // The progressive sampler is asked at a quarter of a run that is endless beside the epochs looked at.
        var counts = new SampleCounts(new Labelled(labels), sampler, seed: 3, epochs: 4_000_000);
        var times = new int[labels.Length];
        for (var epoch = 1_000_000; epoch < 1_000_000 + epochs; epoch++)
        {
            Assert.Equal(counts.Fill(epoch, times), times.Sum());
            var places = ByClass(labels, times);
            for (var label = 0; label < places.Length; label++)
            {
                sum[label] += places[label];
                if (!sampler.KeepsLength) continue;
                Assert.InRange(places[label], Math.Floor(expected[label] - 1e-3), Math.Ceiling(expected[label] + 1e-3));
                var own = times.Where((_, i) => labels[i] == label).ToArray();
                if (own.Length > 0) Assert.InRange(own.Max() - own.Min(), 0, 1);
            }
        }

        // The variance of a rounding is at most a quarter, that of a class of n rounded images n quarters: four deviations of the mean.
        var images = sampler.KeepsLength ? 1 : 60;
        Assert.All(expected.Zip(sum), pair => Assert.Equal(pair.First, pair.Second / epochs, 4 * Math.Sqrt(images / 4.0 / epochs)));
    }

    [Fact]
    public void Class_balanced_epochs_have_exactly_as_many_of_each_class()
    {
        var (labels, times) = (Labels(), new int[100]);
        var counts = new SampleCounts(new Labelled(labels), new ClassBalancedSampler(), seed: 0, epochs: 1);
        for (var epoch = 0; epoch < 50; epoch++)
        {
            Assert.Equal(100, counts.Fill(epoch, times));
            Assert.Equal([25, 25, 0, 25, 25], ByClass(labels, times));
        }
    }

    [Fact]
    public void A_class_balanced_run_leaves_no_image_of_a_large_class_out_for_good()
    {
        var (labels, times, taken) = (Labels(), new int[100], new int[100]);
        var counts = new SampleCounts(new Labelled(labels), new ClassBalancedSampler(), seed: 0, epochs: 1);
        for (var epoch = 0; epoch < 40; epoch++)
        {
            counts.Fill(epoch, times);
            for (var i = 0; i < times.Length; i++) taken[i] += times[i];
        }

        // 25 of 60 in each of 40 epochs.
        Assert.All(taken.Where((_, i) => labels[i] == 0), times => Assert.InRange(times, 5, 29));
    }

    [Fact]
    public void Repeat_factors_are_rounded_for_each_image_by_itself_so_that_epochs_differ_in_length()
    {
        var (labels, times) = (Labels(), new int[100]);
        var counts = new SampleCounts(new Labelled(labels), new RepeatFactorSampler { Threshold = 0.2 }, seed: 0, epochs: 1);
        var lengths = new HashSet<int>();
        for (var epoch = 0; epoch < 50; epoch++)
        {
            lengths.Add(counts.Fill(epoch, times));
            Assert.All(times.Index(), image => Assert.InRange(image.Item, 1, labels[image.Index] switch { 3 => 2, 4 => 3, _ => 1 }));
        }

        Assert.True(lengths.Count > 3, $"{lengths.Count} lengths");
        Assert.Equal((int)Math.Round(85 + (12 * Math.Sqrt(0.2 / 0.12)) + (3 * Math.Sqrt(0.2 / 0.03))), counts.Mean);
    }

    [Fact]
    public void What_an_epoch_takes_follows_from_the_seed_and_the_epoch_alone()
    {
        var (first, second) = (new int[100], new int[100]);
        foreach (var sampler in Sampler.Kinds)
        {
            SampleCounts Of(ulong seed) => new(new Labelled(Labels()), sampler, seed, epochs: 10);
            var forwards = Of(1);
            for (var epoch = 0; epoch < 6; epoch++) forwards.Fill(epoch, first);
            Of(1).Fill(5, second);
            Assert.Equal(first, second);
            Of(2).Fill(5, second);
            if (sampler is not (UniformSampler or RepeatFactorSampler)) Assert.NotEqual(first, second);
        }
    }

    [Fact]
    public void A_sampler_with_a_deferred_start_takes_every_image_once_before()
    {
        var (times, counts) = (new int[100], new SampleCounts(new Labelled(Labels()), new ClassBalancedSampler { FromEpoch = 3 }, seed: 0, epochs: 5));
        foreach (var epoch in (int[])[0, 2])
        {
            counts.Fill(epoch, times);
            Assert.All(times, one => Assert.Equal(1, one));
        }

        counts.Fill(3, times);
        Assert.Equal([25, 25, 0, 25, 25], ByClass(Labels(), times));
    }

    [Fact]
    public void Options_out_of_range_are_told()
    {
        var problems = new List<OptionProblem>();
        var checks = new OptionChecks(problems, "sampler.");
        new PowerSampler { Exponent = 3 }.Check(checks);
        new EffectiveNumberSampler { Beta = 1 }.Check(checks);
        new RepeatFactorSampler { Threshold = 0 }.Check(checks);
        new ClassBalancedSampler { FromEpoch = -1 }.Check(checks);
        Assert.Equal(
        [
            "sampler.exponent: 3; wanted -2 to 2", "sampler.beta: 1; wanted at least 0 and below 1", "sampler.threshold: 0; wanted above 0",
            "sampler.from_epoch: -1; wanted at least 0",
        ],
            problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData(2, "sampler own: gives [1, 1] for 5 classes; wanted a number from 0 on for each")]
    [InlineData(5, "sampler own: gives [NaN, 1, 1, 1, 1] for 5 classes; wanted a number from 0 on for each")]
    [InlineData(6, "sampler own: makes an epoch of 6.00E+031 images; wanted at most 1073741795")]
    public void A_sampler_of_a_program_that_gives_nonsense_is_named(int what, string expected)
    {
        var own = new Own(what switch { 2 => [1, 1], 5 => [double.NaN, 1, 1, 1, 1], _ => [1e30, 1, 1, 1, 1] });
        var error = Assert.Throws<ArgumentException>(() => new SampleCounts(new Labelled(Labels()), own, seed: 0, epochs: 1));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_sampler_says_of_a_class_without_images_does_not_matter()
    {
        var counts = new SampleCounts(new Labelled(Labels()), new Own([1, 1, double.PositiveInfinity, 1, 1]), seed: 0, epochs: 1);
        var times = new int[100];
        Assert.Equal((100, 100), (counts.Mean, counts.Fill(0, times)));
        Assert.All(times, one => Assert.Equal(1, one));
    }

    private static double[] Shares(Func<double, double> weight)
    {
        var sum = s_counts.Where(n => n > 0).Sum(n => weight(n));
        return [.. s_counts.Select(n => n == 0 ? 0 : 100 * weight(n) / sum)];
    }

    private static int[] Labels() => [.. s_counts.SelectMany((count, label) => Enumerable.Repeat(label, count)).OrderBy(label => label * 7 % 5)];

    private static int[] ByClass(int[] labels, int[] times)
    {
        var places = new int[s_counts.Length];
        for (var i = 0; i < labels.Length; i++) places[labels[i]] += times[i];
        return places;
    }

    private sealed record Own(double[] Means) : Sampler
    {
        public override string Kind => "own";

        public override IReadOnlyList<double> Times(IReadOnlyList<int> counts, double progress) => Means;
    }
}
