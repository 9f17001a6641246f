using System.Text.Json;
using Fovea.Data.Augment;
using Fovea.Data.Decoding;
using Fovea.Options;

namespace Fovea.Data.Tests.Augment;

/// <summary>Magnitudes and policies are torchvision's, configurations timm's.</summary>
public sealed class PolicyTests
{
    [Theory]
    [InlineData("randaugment_space_31_bins_32x32", 31)]
    [InlineData("trivialaugment_wide_space_31_bins", 31)]
    [InlineData("autoaugment_space_10_bins_32x32", 10)]
    public void Magnitudes_are_those_of_torchvision(string fixture, int bins)
    {
        using var json = Fixtures.Json("components", "augment.json");
        var space = fixture[0] switch { 'r' => MagnitudeSpace.Rand, 't' => MagnitudeSpace.Wide, _ => MagnitudeSpace.Auto };
        var expected = json.RootElement.GetProperty(fixture).EnumerateObject().ToArray();
        Assert.Equal(expected.Select(entry => entry.Name), space.Rows.Select(row => row.Operation.Name));
        foreach (var (name, entry) in expected.Select(entry => (entry.Name, entry.Value)))
        {
            var row = space[name];
            Assert.Equal(entry.GetProperty("signed").GetBoolean(), row.IsSigned);
            Assert.Equal(entry.GetProperty("magnitudes").ValueKind == JsonValueKind.Array, row.Magnitude is not null);
            if (row.Magnitude is null) continue;
            var magnitudes = entry.GetProperty("magnitudes").EnumerateArray().Select(x => x.GetSingle()).ToArray();
            Assert.Equal(magnitudes, Enumerable.Range(0, bins).Select(bin => (float)row.Magnitude(bins, bin, (32, 32))));
        }
    }

    [Theory]
    [InlineData(AutoAugmentPolicy.Imagenet)]
    [InlineData(AutoAugmentPolicy.Cifar10)]
    [InlineData(AutoAugmentPolicy.Svhn)]
    public void Pairs_of_AutoAugment_are_those_of_torchvision(AutoAugmentPolicy policy)
    {
        using var json = Fixtures.Json("components", "augment.json");
        var expected = json.RootElement.GetProperty($"autoaugment_policy_{OptionNames.SnakeCase(policy.ToString())}").EnumerateArray()
            .Select(pair => (Step(pair[0]), Step(pair[1])));
        Assert.Equal(expected, AutoAugmentPolicies.Of(policy));

        static AutoAugmentPolicies.Step Step(JsonElement step) =>
            new(step[0].GetString()!, step[1].GetDouble(), step[2].ValueKind == JsonValueKind.Null ? 0 : step[2].GetInt32());
    }

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
    public void A_configuration_changes_images_and_leaves_none_out(string config)
    {
        var seen = Enumerable.Range(0, 200).Select(i =>
        {
            var (canvas, draws, result) = (new Canvas(new()), new Draws(1, 2, 3, i), new RgbImage());
            canvas.Load(Canvas.ViewOf(Fixtures.Picture(24, 24)), "a");
            new RandAugment { Config = config }.Apply(canvas, ref draws);
            canvas.CopyTo(result);
            return Convert.ToHexString(result.Pixels);
        }).Distinct().Count();
        Assert.InRange(seen, 60, 200);
    }
}
