using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Options;

namespace Fovea.Data.Tests.Augment;

/// <summary>Policies by timm's configurations; torchvision's are compared with the fixture (<see cref="AugmentFixtureTests"/>).</summary>
public sealed class PolicyTests
{
    [Theory]
    [InlineData("rand-m9-mstd0.5-inc1", null)]
    [InlineData("rand", null)]
    [InlineData("rand-mstd101-n3-m4", null)]
    [InlineData("rand-m9-mmax20-p1", null)]
    [InlineData("m9", "augment.config: m9; wanted a text that begins with rand, as in rand-m9")]
    [InlineData("rand-x3", "augment.config: rand-x3; wanted sections of m, n, p, mstd, mmax, inc with a number behind, not 'x3'")]
    [InlineData("rand-m", "augment.config: rand-m; wanted a number behind m, not 'm'")]
    [InlineData("rand-m9-m8", "augment.config: rand-m9-m8; wanted each section once; there are two of m")]
    [InlineData("rand-n99", "augment.config: rand-n99; wanted n of 0 to 20, whole")]
    [InlineData("rand-m1e5", "augment.config: rand-m1e5; wanted a number behind m, not '1e5'")]
    public void Configurations_are_spelt_as_timm_does(string config, string? problem)
    {
        var problems = new List<OptionProblem>();
        new RandAugment { Config = config }.Check(new(problems, "augment."));
        Assert.Equal(problem is null ? [] : [problem], problems.Select(p => p.ToString()));
    }

    [Theory]
    [InlineData("v0", null)]
    [InlineData("original-mstd0.5", null)]
    [InlineData("3a-mstd101", null)]
    [InlineData("auto", "augment.config: auto; wanted a text that begins with v0, v0r, original, originalr, 3a, as in original-mstd0.5")]
    [InlineData("v0-m9", "augment.config: v0-m9; wanted sections of mstd with a number behind, not 'm9'")]
    public void Policies_are_spelt_as_timm_does(string config, string? problem)
    {
        var problems = new List<OptionProblem>();
        new AutoAugment { Config = config }.Check(new(problems, "augment."));
        Assert.Equal(problem is null ? [] : [problem], problems.Select(p => p.ToString()));
    }

    /// <summary>Name, probability, level and magnitude of single steps of timm's tables, and how many entries these have.</summary>
    [Theory]
    [InlineData("v0", 25, 0, "Equalize 0.8 1 0, ShearY 0.8 4 0.12")]
    [InlineData("v0", 25, 6, "Equalize 0.4 8 0, SolarizeAdd 0.8 3 33")]
    [InlineData("v0", 25, 12, "Posterize 0.4 6 2, AutoContrast 0.4 7 0")]
    [InlineData("v0", 25, 15, "Rotate 1 7 21, TranslateYRel 0.8 9 0.405")]
    [InlineData("v0", 25, 22, "Posterize 0.8 2 0, Solarize 0.6 10 256")]
    [InlineData("v0", 25, 24, "Color 0.8 6 0.18, Rotate 0.4 5 15")]
    [InlineData("v0r", 25, 22, "Posterize 0.8 2 4, Solarize 0.6 10 256")]
    [InlineData("original", 25, 0, "Posterize 0.4 8 7, Rotate 0.6 9 27")]
    [InlineData("original", 25, 3, "Posterize 0.6 7 6, Posterize 0.6 6 6")]
    [InlineData("original", 25, 7, "Posterize 0.8 5 6, Equalize 1 0 0")]
    [InlineData("original", 25, 14, "Color 0.6 4 -0.18, Contrast 1 8 0.54")]
    [InlineData("originalr", 25, 0, "Posterize 0.4 8 1, Rotate 0.6 9 27")]
    [InlineData("3a", 3, 0, "Solarize 1 5 128")]
    [InlineData("3a", 3, 1, "Color 1 10 -1")]
    public void Steps_of_policies_are_those_of_timm(string config, int count, int entry, string steps)
    {
        var policy = LevelPolicy.Of(config);
        Assert.Equal(count, policy.Entries.Count);
        Assert.Equal(steps, string.Join(", ", policy.Entries[entry].Select(step =>
        {
            var draws = new Draws(1, 2, 3, 4);
            var magnitude = step.Operation.Magnitude?.Invoke(step.Level / 10, ref draws) ?? 0;
            if (step.Operation.Operation.Name is not ("Color" or "Contrast")) magnitude = Math.Abs(magnitude);
            return FormattableString.Invariant($"{step.Operation.Operation.Name} {step.Probability} {step.Level} {Math.Round(magnitude, 9)}");
        })));
    }

    [Fact]
    public void Blurs_of_3_Augment_have_widths_of_a_tenth_to_two_pixels()
    {
        var blur = LevelPolicy.Of("3a").Entries[2].Single();
        var widths = Enumerable.Range(0, 100).Select(i =>
        {
            var draws = new Draws(1, 2, 3, i);
            return blur.Operation.Magnitude!(blur.Level / 10, ref draws);
        }).ToArray();
        Assert.All(widths, width => Assert.InRange(width, 0.1, 2));
        Assert.InRange(widths.Max() - widths.Min(), 1.5, 1.9);
    }

    [Fact]
    public void Levels_are_those_of_timm()
    {
        double[] Magnitudes(IReadOnlyList<LevelOperation> operations, double level) => [.. operations.Select(operation =>
        {
            var draws = new Draws(1, 2, 3, 4);
            return Math.Round(Math.Abs(operation.Magnitude?.Invoke(level / 10, ref draws) ?? 0), 9);
        })];

        // AutoContrast, Equalize, Invert, Rotate, Posterize, Solarize, SolarizeAdd, Color, Contrast, Brightness, Sharpness, shears, shifts.
        Assert.Equal([0, 0, 0, 27, 3, 230, 99, 0.72, 0.72, 0.72, 0.72, 0.27, 0.27, 0.405, 0.405], Magnitudes(LevelOperation.Usual, 9));
        Assert.Equal([0, 0, 0, 27, 1, 26, 99, 0.81, 0.81, 0.81, 0.81, 0.27, 0.27, 0.405, 0.405], Magnitudes(LevelOperation.Increasing, 9));
        Assert.Equal(13, LevelOperation.Mixing.Count);
    }

    [Theory]
    [InlineData("rand-m9-n2-p1")]
    [InlineData("rand-m9-mstd0.5-inc1")]
    [InlineData("v0")]
    [InlineData("original-mstd0.5")]
    [InlineData("originalr")]
    [InlineData("3a")]
    public void A_configuration_changes_images_and_leaves_none_out(string config)
    {
        Transform transform = config.StartsWith("rand", StringComparison.Ordinal) ? new RandAugment { Config = config } : new AutoAugment { Config = config };
        var seen = Enumerable.Range(0, 200).Select(i =>
        {
            var (canvas, draws, result) = (new Canvas(new()), new Draws(1, 2, 3, i), new RgbImage());
            canvas.Load(Canvas.ViewOf(Fixtures.Picture(24, 24)), "a");
            transform.Apply(canvas, ref draws);
            canvas.CopyTo(result);
            return Convert.ToHexString(result.Pixels);
        }).Distinct().Count();
        Assert.InRange(seen, config == "rand-m9-n2-p1" || config.Contains("mstd", StringComparison.Ordinal) ? 60 : 30, 200);
    }
}
